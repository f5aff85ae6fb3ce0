//! Whatever names a user chooses: expansions use absolute paths, and hide their locals and statics.

/// Everything that an expansion could have meant, and did not.
mod shadowed {
    #![allow(dead_code, non_camel_case_types, non_snake_case, unused_macros, reason = "names that clash are the point")]

    use ::festoon::{Decorated as _, OutcomeKind, decorate as around, offload as off, timed as measured};

    mod core {}
    mod std {}
    mod alloc {}
    mod festoon {}
    mod tracing {}
    struct Result;
    struct Option;
    struct Box;
    struct String;
    struct Vec;
    struct Duration;
    struct bool;
    struct u64;
    struct str;
    struct usize;
    trait Send {}
    trait Sync {}
    trait Sized {}
    trait Fn {}
    trait FnOnce {}
    trait Future {}
    trait Clone {}
    trait Copy {}
    trait Drop {}
    trait Iterator {}
    trait Into {}
    trait From {}
    trait Default {}
    fn Ok() {}
    fn Err() {}
    fn Some() {}
    fn drop() {}
    const NONE: u8 = 1;
    macro_rules! vec {
        () => {};
    }
    macro_rules! panic {
        () => {};
    }
    macro_rules! format {
        () => {};
    }

    #[measured(name = "plain", warn_over = 1h)]
    fn plain(n: u8) -> u8 {
        n
    }

    #[::festoon::fallback(9)]
    #[::festoon::circuit_breaker(key = n)]
    #[::festoon::rate_limit(9 / 1s)]
    #[::festoon::bulkhead(9, adaptive)]
    fn protected(n: u8) -> ::core::option::Option<u8> {
        n.checked_sub(1)
    }

    #[::festoon::hedge(after = p95, idempotent)]
    #[::festoon::timeout(1s)]
    async fn protected_later(n: u8) -> ::core::option::Option<u8> {
        n.checked_sub(1)
    }

    #[measured(warn_over = 1h)]
    fn result(n: u8) -> ::core::result::Result<u8, u8> {
        if n == 0 { ::core::result::Result::Err(n) } else { ::core::result::Result::Ok(n) }
    }

    #[measured(warn_over = 1h)]
    async fn later(n: u8) -> ::core::result::Result<u8, u8> {
        if n == 0 { ::core::result::Result::Err(n) } else { ::core::result::Result::Ok(n) }
    }

    struct Layer;

    impl<R> ::festoon::Decorator<R> for Layer {
        fn call(&self, _: ::festoon::Call<R>, next: impl ::core::ops::FnOnce() -> R) -> R {
            next()
        }
    }

    fn plus(next: impl ::core::ops::FnOnce(u8) -> u8, n: u8) -> u8 {
        next(n) + 1
    }

    ::festoon::stack! { both = #[timed] #[decorate(plus)] #[decorate(layer = Layer)] }

    #[around(|next, n| next(n) + 1)]
    #[around(both!)]
    fn decorated(n: u8) -> u8 {
        n
    }

    #[off(pool = rayon)]
    fn offloaded(n: u8) -> ::core::result::Result<u8, u8> {
        if n == 0 { ::core::result::Result::Err(n) } else { ::core::result::Result::Ok(n) }
    }

    #[::festoon::cached]
    fn kept(n: u8) -> u8 {
        n
    }

    #[::festoon::interned]
    fn interned(n: u8) -> ::core::result::Result<::festoon::Interned<u8>, u8> {
        if n == 0 { ::core::result::Result::Err(n) } else { ::core::result::Result::Ok(n) }
    }

    #[::festoon::interned]
    async fn interned_later(n: u8) -> ::core::option::Option<::festoon::Interned<u8>> {
        n.checked_sub(1)
    }

    #[::festoon::invalidates(kept(n), kept, when = ok)]
    fn writes(n: u8) -> ::core::result::Result<u8, u8> {
        ::core::result::Result::Ok(kept(n))
    }

    #[::festoon::context_manager]
    fn entered(n: u8) -> ::core::result::Result<::festoon::Yields<u8>, u8> {
        if n == 0 {
            return ::core::result::Result::Err(n);
        }
        ::festoon::yield_!(n);
        ::core::result::Result::Ok(())
    }

    ::festoon::context! {
        fn lent(n: u8) -> ::festoon::Yields<&u8> {
            let _ = yield &n;
        }
    }

    #[test]
    fn nothing_of_the_users_is_taken_for_ours() {
        assert_eq!((entered(0).enter().is_err(), *entered(3).enter().unwrap(), *lent(4).enter()), (true, 3, 4));
        assert_eq!(interned(1).map(|n| *n), ::core::result::Result::Ok(1));
        assert_eq!(::futures::executor::block_on(interned_later(2)).map(|n| *n), ::core::option::Option::Some(1));
        assert_eq!((writes(1), kept.cache().info().len), (::core::result::Result::Ok(1), 0));
        assert_eq!((decorated(1), decorated.timing().calls()), (3, 1));
        assert_eq!(futures::executor::block_on(offloaded(0)), ::core::result::Result::Err(0));
        assert_eq!(protected(0), ::core::option::Option::Some(9));
        assert_eq!(futures::executor::block_on(protected_later(2)), ::core::option::Option::Some(1));
        let all = (plain(1), result(0), futures::executor::block_on(later(0)));
        assert_eq!(all, (1, ::core::result::Result::Err(0), ::core::result::Result::Err(0)));
        assert_eq!(result.timing().outcomes().count(OutcomeKind::Error), 1);
        assert_eq!(later.timing().outcomes().count(OutcomeKind::Error), 1);
        assert_eq!(plain.timing().calls(), 1);
    }
}

/// Statics are not hygienic: ours stand where the body does not see them.
mod names_of_ours {
    use festoon::{decorate, timed};

    const SITE: u8 = 1;
    const FESTOON_SITE: u8 = 2;
    static CACHE: u8 = 3;

    #[timed]
    fn sum() -> u8 {
        SITE + FESTOON_SITE + CACHE
    }

    #[timed]
    fn result() -> Result<u8, u8> {
        Ok(SITE + FESTOON_SITE + CACHE)
    }

    #[timed]
    async fn later() -> Result<u8, u8> {
        const FESTOON_SITE: u8 = 4;
        Ok(SITE + FESTOON_SITE + CACHE)
    }

    struct Plus(u8);

    impl festoon::Decorator<u8> for Plus {
        fn call(&self, _: festoon::Call<u8>, next: impl FnOnce() -> u8) -> u8 {
            self.0 + next()
        }
    }

    #[decorate(layer = Plus(FESTOON_SITE))]
    fn layered() -> u8 {
        FESTOON_SITE
    }

    #[test]
    fn the_body_sees_the_users_own() {
        assert_eq!(layered(), 4);
        assert_eq!((sum(), result(), futures::executor::block_on(later())), (6, Ok(6), Ok(8)));
    }
}

/// Parameters with the names that expansions like.
mod parameters {
    use festoon::{Decorated, cached, invalidates, timed};

    #[cached]
    fn read(n: u8) -> u8 {
        n
    }

    macro_rules! named {
        ($($name:ident)*) => {$(
            mod $name {
                use super::*;

                #[timed]
                pub fn plain($name: u8) -> u8 {
                    $name + 1
                }

                #[timed]
                pub fn result($name: u8) -> Result<u8, u8> {
                    if $name == 0 { Err($name) } else { Ok($name + 1) }
                }

                #[invalidates(read($name), when = ok)]
                pub fn write($name: u8) -> Result<u8, u8> {
                    Ok(read($name))
                }

                #[timed]
                pub async fn later($name: u8) -> Result<u8, u8> {
                    if $name == 0 { Err($name) } else { Ok($name + 1) }
                }
            }
        )*

        #[test]
        fn are_the_users() {
            $(
                assert_eq!(($name::plain(1), $name::result(1)), (2, Ok(2)), stringify!($name));
                assert_eq!(($name::write(1), read.cache().contains((1,))), (Ok(1), false), stringify!($name));
                assert_eq!(futures::executor::block_on($name::later(0)), Err(0), stringify!($name));
                assert_eq!($name::later.timing().outcomes().error(), 1, stringify!($name));
            )*
        }};
    }

    named!(
        timer value guard site argument0 argument1 this self_ next body future output result key args cache attempt
        error clock kind inside layer call call_args tuple state policy wait retry hash stored probe forgotten festoon_site
    );
}

/// `#![no_implicit_prelude]` takes away what everybody has.
#[allow(unused_imports, reason = "one that a user has")]
mod without_prelude {
    #![no_implicit_prelude]

    use ::festoon::timed;

    #[timed]
    fn plain(n: u8) -> u8 {
        n
    }

    #[timed]
    fn result(n: u8) -> ::core::result::Result<u8, u8> {
        ::core::result::Result::Ok(n)
    }

    #[timed(warn_over = 1s)]
    async fn later(n: u8) -> ::core::result::Result<u8, u8> {
        ::core::result::Result::Ok(n)
    }

    #[::core::prelude::v1::test]
    fn works() {
        let later = ::futures::executor::block_on(later(3));
        ::core::assert!(::core::matches!(
            (plain(1), result(2), later),
            (1, ::core::result::Result::Ok(2), ::core::result::Result::Ok(3))
        ));
    }
}
