//! Ways out inside of other macros.

use super::*;

macro_rules! bail {
    ($text:expr) => {
        return Err($text.into())
    };
}

macro_rules! ensure {
    ($condition:expr, $text:expr) => {
        if !$condition {
            return Err($text.into());
        }
    };
}

#[test]
fn macros_are_seen_through() {
    fn run(log: &Log, how: &str) -> Any<usize> {
        let parse = |text: &str| text.parse::<usize>();
        with!(opened(log, "a") => {
            let list = vec![parse(how)?, parse("2")?];
            let filled = vec![parse("7")?; parse("3")?];
            assert_eq!(filled.len(), parse("3")?, "there are {}", parse("3")?);
            assert!(matches!(parse("4")?, 4 | 5));
            let text = format!("{list:?} {}", if list[0] == 9 { return Ok(9) } else { 0 });
            ensure!(list[0] != 5, "five");
            let six = if list[0] == 6 { bail!(format!("six of {text}")) } else { list[0] };
            Ok(six)
        })
    }
    let log = Log::default();
    let told = |how| {
        let result = run(&log, how).map_err(|error| error.to_string());
        (result, log.take().pop().unwrap())
    };
    assert_eq!(told("1"), (Ok(1), "-a: success".to_owned()));
    assert_eq!(told("9"), (Ok(9), "-a: success".to_owned()));
    assert_eq!(told("x"), (Err("invalid digit found in string".to_owned()), "-a: error".to_owned()));
    assert_eq!(told("5"), (Err("five".to_owned()), "-a: error".to_owned()));
    assert_eq!(told("6"), (Err("six of [6, 2] 0".to_owned()), "-a: error".to_owned()));
}
