//! Functions that await one another, under the default `recursion_limit`.

use super::*;
use std::pin::Pin;

type Boxed = Pin<Box<dyn Future<Output = Result<u32, String>> + Send>>;

/// Each function awaits the next one, as `$next` says.
macro_rules! chain {
    ($await:ident: $first:ident $($rest:ident)*) => {
        chain!(@ $await ($first $($rest)*) ($($rest)* last));
    };
    (@ $await:ident ($($name:ident)*) ($($next:ident)*)) => {$(
        #[timed]
        async fn $name() -> Result<u32, String> {
            Ok($await!($next()) + 1)
        }
    )*};
}

macro_rules! direct {
    ($call:expr) => {
        $call.await?
    };
}

macro_rules! boxed {
    ($call:expr) => {{
        let next: Boxed = Box::pin($call);
        next.await?
    }};
}

async fn last() -> Result<u32, String> {
    Ok(0)
}

// The compiler allows 33 of them in one another without any decorator.
chain!(direct: g00 g01 g02 g03 g04 g05 g06 g07 g08 g09 g10 g11);

// 128 uses of one generic function inside of one another are the compiler's limit, boxes or not.
chain!(boxed:
    f00 f01 f02 f03 f04 f05 f06 f07 f08 f09 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24
    f25 f26 f27 f28 f29 f30 f31 f32 f33 f34 f35 f36 f37 f38 f39 f40 f41 f42 f43 f44 f45 f46 f47 f48 f49
    f50 f51 f52 f53 f54 f55 f56 f57 f58 f59 f60 f61 f62 f63 f64 f65 f66 f67 f68 f69 f70 f71 f72 f73 f74
    f75 f76 f77 f78 f79 f80 f81 f82 f83 f84 f85 f86 f87 f88 f89 f90 f91 f92 f93 f94 f95 f96 f97 f98 f99
);

macro_rules! sync_chain {
    ($first:ident $($rest:ident)*) => {
        sync_chain!(@ ($first $($rest)*) ($($rest)* sync_last));
    };
    (@ ($($name:ident)*) ($($next:ident)*)) => {$(
        #[timed]
        fn $name(n: u32) -> Result<u32, String> {
            Ok($next(n)? + 1)
        }
    )*};
}

fn sync_last(n: u32) -> Result<u32, String> {
    Ok(n)
}

sync_chain!(
    s000 s001 s002 s003 s004 s005 s006 s007 s008 s009 s010 s011 s012 s013 s014 s015 s016 s017 s018 s019
    s020 s021 s022 s023 s024 s025 s026 s027 s028 s029 s030 s031 s032 s033 s034 s035 s036 s037 s038 s039
    s040 s041 s042 s043 s044 s045 s046 s047 s048 s049 s050 s051 s052 s053 s054 s055 s056 s057 s058 s059
    s060 s061 s062 s063 s064 s065 s066 s067 s068 s069 s070 s071 s072 s073 s074 s075 s076 s077 s078 s079
    s080 s081 s082 s083 s084 s085 s086 s087 s088 s089 s090 s091 s092 s093 s094 s095 s096 s097 s098 s099
    s100 s101 s102 s103 s104 s105 s106 s107 s108 s109 s110 s111 s112 s113 s114 s115 s116 s117 s118 s119
    s120 s121 s122 s123 s124 s125 s126 s127 s128 s129 s130 s131 s132 s133 s134 s135 s136 s137 s138 s139
    s140 s141 s142 s143 s144 s145 s146 s147 s148 s149 s150 s151 s152 s153 s154 s155 s156 s157 s158 s159
    s160 s161 s162 s163 s164 s165 s166 s167 s168 s169 s170 s171 s172 s173 s174 s175 s176 s177 s178 s179
    s180 s181 s182 s183 s184 s185 s186 s187 s188 s189 s190 s191 s192 s193 s194 s195 s196 s197 s198 s199
);

fn send<F: Future + Send + 'static>(future: F) -> F {
    future
}

#[test]
fn deep_ones_compile_and_stay_send() {
    assert_eq!(block_on(send(g00())), Ok(12));
    assert_eq!(block_on(send(f00())), Ok(100));
    assert_eq!(s000(1), Ok(201));
    assert_eq!((f00.timing().calls(), f99.timing().calls()), (1, 1));
}
