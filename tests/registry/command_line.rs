//! Feature `clap`: names on a real command line.

use clap::{Arg, Command};
use festoon::{Entry, Register, registry};

#[registry(args(level: u32))]
trait Codec: Send + Sync {
    fn level(&self) -> u32;
}

/// Deflate with
/// a header.
///
/// And more.
#[derive(Register)]
#[register(dyn Codec, name = "gzip", alias("gz"), deprecated("gunzip"), new = Gzip)]
struct Gzip(u32);

impl Codec for Gzip {
    fn level(&self) -> u32 {
        self.0
    }
}

#[derive(Register)]
#[register(dyn Codec, name = "zstd", new = Zstd)]
struct Zstd(u32);

impl Codec for Zstd {
    fn level(&self) -> u32 {
        self.0 + 100
    }
}

fn command() -> Command {
    let names = <dyn Codec>::registry().value_parser();
    let whole = |text: &str| <dyn Codec>::registry().parse(text).map(std::sync::Arc::<dyn Codec>::from);
    Command::new("pack")
        .arg(Arg::new("codec").long("codec").value_parser(names))
        .arg(Arg::new("whole").long("whole").value_parser(whole))
}

fn error(args: &[&str]) -> String {
    command().try_get_matches_from(args).unwrap_err().to_string()
}

#[test]
fn an_argument_is_an_entry() {
    for (text, level) in [("gzip", 6), ("gz", 6), ("gunzip", 6), ("zstd", 106)] {
        let matches = command().try_get_matches_from(["pack", "--codec", text]).unwrap();
        let entry = matches.get_one::<&'static Entry<dyn Codec>>("codec").unwrap();
        assert_eq!(entry.create((6,)).unwrap().level(), level);
    }
    let matches = command().try_get_matches_from(["pack", "--whole", "zstd:3"]).unwrap();
    assert_eq!(matches.get_one::<std::sync::Arc<dyn Codec>>("whole").unwrap().level(), 103);
}

#[test]
fn the_help_and_the_shell_know_the_names() {
    let help = command().render_long_help().to_string();
    assert!(help.contains("- gzip: Deflate with a header.\n"), "{help}");
    assert!(help.contains("- zstd\n") && !help.contains("And more"), "{help}");
    let parser = command().get_arguments().find(|arg| arg.get_id() == "codec").unwrap().get_possible_values();
    assert_eq!(parser.iter().map(clap::builder::PossibleValue::get_name).collect::<Vec<_>>(), ["gzip", "zstd"]);
}

#[test]
fn a_wrong_name_is_told_with_what_is_near() {
    let wrong = error(&["pack", "--codec", "gzap"]);
    assert!(wrong.contains("invalid value 'gzap' for '--codec <codec>'"), "{wrong}");
    assert!(wrong.contains("[possible values: gzip, zstd]") && wrong.contains("'gzip'"), "{wrong}");
    let wrong = error(&["pack", "--whole", "gzip:x"]);
    assert!(wrong.contains("wrong arguments for `gzip`: `level`, `x`: invalid digit found in string"), "{wrong}");
}
