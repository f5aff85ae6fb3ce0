//! The output on a terminal: colours, unless they are disabled, and no more columns than fit. `script` simulates one.

use std::env;
use std::process::Command;

use festoon::{timed, timing};

use crate::programs;

#[timed(name = "a::rather::long::path::of::a::function")]
fn work() {}

#[test]
#[ignore = "is run by the other tests, as a program of its own"]
fn the_program() {
    if env::var_os("IN_A_TERMINAL").is_some() {
        work();
        timing::report().print().unwrap();
    }
}

/// The lines with which this binary, as that program, tells about `work`; nothing where there is no `script`.
fn printed(columns: usize, no_color: Option<&str>) -> Option<Vec<String>> {
    printed_with(columns, no_color, None)
}

fn printed_with(columns: usize, no_color: Option<&str>, asked: Option<&str>) -> Option<Vec<String>> {
    let exe = env::current_exe().unwrap();
    // Set here: the shell changes it to the terminal's width.
    let prefix = asked.map_or("env --unset=COLUMNS".to_owned(), |asked| format!("COLUMNS={asked}"));
    let program = format!("{prefix} '{}' --exact timed::terminal::the_program --ignored --nocapture", exe.display());
    let mut command = Command::new("script");
    command
        .args(["--quiet", "--return", "--command"])
        .arg(format!("stty rows 24 cols {columns}; {program}"))
        .arg("/dev/null");
    command.env("IN_A_TERMINAL", "yes").env_remove("NO_COLOR");
    if let Some(value) = no_color {
        command.env("NO_COLOR", value);
    }
    let Ok(output) = programs::output(&mut command) else {
        eprintln!("skipped: `script` is not installed");
        return None;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    Some(text.lines().filter(|line| line.contains("function ") || line.contains("calls")).map(str::to_owned).collect())
}

#[test]
#[cfg(target_os = "linux")]
fn it_gets_colours_unless_no_color_is_set_and_not_empty() {
    for (value, colours) in [(None, true), (Some(""), true), (Some("1"), false)] {
        let Some(lines) = printed(200, value) else { return };
        assert!(!lines.is_empty());
        assert_eq!(lines.iter().any(|line| line.contains('\x1b')), colours, "NO_COLOR={value:?}: {lines:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_narrow_one_gets_the_columns_that_matter_most() {
    let (Some(wide), Some(narrow)) = (printed(200, Some("1")), printed(40, Some("1"))) else { return };
    assert!(wide[0].contains("p90") && wide[0].contains("total"), "{wide:?}");
    assert!(!narrow[0].contains("p90") && narrow[0].contains("total"), "{narrow:?}");
    assert!(narrow.iter().all(|line| line.trim_end().chars().count() <= 40), "{narrow:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn the_environment_may_say_how_wide_it_is() {
    for (asked, is_narrow) in [("40", true), ("0", false), ("many", false)] {
        let Some(lines) = printed_with(200, Some("1"), Some(asked)) else { return };
        assert_eq!(lines.iter().all(|line| line.trim_end().chars().count() <= 40), is_narrow, "{asked}: {lines:?}");
    }
}
