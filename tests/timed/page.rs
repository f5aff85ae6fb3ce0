//! The HTML page in a real browser: its content, sorting, light and dark. Without `chromium` these tests print that
//! they were skipped; `tests/run.sh` installs it.

use std::collections::hash_map::RandomState;
use std::env;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

use festoon::testing::{self, Handle};
use festoon::{timed, timing};

use crate::programs;

#[timed(name = "page::often")]
fn often(clock: &Handle, micros: u64) {
    clock.advance(Duration::from_micros(micros));
}

#[timed(name = "page::<slow> & \"rare\"")]
fn slow(clock: &Handle) -> Result<(), ()> {
    clock.advance(Duration::from_millis(300));
    Err(())
}

/// The page of this process, which other tests fill too.
fn page() -> &'static str {
    static PAGE: LazyLock<String> = LazyLock::new(written);
    &PAGE
}

fn written() -> String {
    let clock = testing::clock();
    for call in 0..2000 {
        often(&clock, 1 << (call % 10));
    }
    slow(&clock).unwrap_err();
    timing::report().to_html()
}

/// The page as the browser has it, after its scripts and this one. Nothing without a browser.
fn browse(hash: &str, script: &str, options: &[&str]) -> Option<String> {
    browse_in(page(), hash, script, options)
}

fn browse_in(page: &str, hash: &str, script: &str, options: &[&str]) -> Option<String> {
    let dir = Dir::new();
    let told = "<script>onerror = message => document.title = `mistake: ${message}`</script></head>";
    let page = page.replace("</head>", told).replace("</body>", &format!("<script>{script}</script></body>"));
    fs::write(dir.0.join("page.html"), page).unwrap();
    dump(&format!("file://{}{hash}", dir.0.join("page.html").display()), options)
}

/// A directory that is gone after the test.
struct Dir(PathBuf);

impl Dir {
    fn new() -> Self {
        let dir = env::temp_dir().join(format!("festoon-page-{:x}", RandomState::new().build_hasher().finish()));
        fs::create_dir_all(&dir).unwrap();
        Dir(dir)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the browser shows at an address, five seconds later.
pub(super) fn dump(address: &str, options: &[&str]) -> Option<String> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let Some(browser) = names.iter().find(|name| Command::new(name).arg("--version").output().is_ok()) else {
        eprintln!("skipped: no browser, none of {names:?} is installed");
        return None;
    };
    let dir = Dir::new();
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--dump-dom"]);
    command.args(options).arg(format!("--user-data-dir={}", dir.0.join("profile").display()));
    let output = programs::output(command.arg(address)).unwrap();
    // Where a name may break does not matter here.
    let dom = String::from_utf8(output.stdout).unwrap().replace("<wbr>", "");
    assert!(dom.contains("</html>"), "{dom}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(dom.contains("<title>festoon: timing</title>"), "a script of the page is wrong: {dom}");
    Some(dom)
}

/// The rows of the table in their order, each as its cells.
fn rows(dom: &str) -> Vec<Vec<&str>> {
    let body = dom.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    body.split("<tr").skip(1).map(cells).collect()
}

fn cells(row: &str) -> Vec<&str> {
    row.split("<td").skip(1).map(|cell| &cell[cell.find('>').unwrap() + 1..]).collect()
}

/// What a column shows, from top to bottom.
fn column<'d>(dom: &'d str, title: &str) -> Vec<&'d str> {
    let titles: Vec<&str> = dom.split("<th ").skip(1).collect();
    let at = titles.iter().position(|head| head.contains(&format!(">{title}</button>"))).unwrap();
    rows(dom).iter().map(|row| row[at].split('<').next().unwrap()).collect()
}

fn numbers(dom: &str, title: &str) -> Vec<u64> {
    column(dom, title).iter().map(|text| text.parse().unwrap()).collect()
}

/// Which column is marked as sorted, and how.
fn marked(dom: &str) -> Vec<(&str, &str)> {
    let heads = dom.split("<th ").skip(1).filter_map(|head| {
        let order = head.split("aria-sort=\"").nth(1)?.split('"').next()?;
        Some((head.split("</button>").next()?.rsplit('>').next()?, order))
    });
    heads.collect()
}

#[test]
fn the_rows_and_their_pictures_are_there() {
    let Some(dom) = browse("", "", &[]) else { return };
    assert_eq!(marked(&dom), [("total", "descending")]);
    let names = column(&dom, "function");
    let often = names.iter().position(|name| *name == "page::often").expect("the row");
    assert!(names.contains(&"page::&lt;slow&gt; &amp; \"rare\""), "{names:?}");
    let picture = rows(&dom)[often][1];
    // Ten lengths, each twice as long as the one before, which is more than a bar away.
    assert_eq!(picture.matches("<rect").count(), 10, "{picture}");
    assert!(picture.contains("<svg role=\"img\" aria-label=\""), "{picture}");
    assert_eq!(numbers(&dom, "calls")[often], 2000);
}

#[test]
fn a_click_sorts_and_the_next_one_turns_round() {
    let click = "const title = [...document.querySelectorAll('th button')].find(b => b.textContent === 'calls'); title.click();";
    let Some(once) = browse("", click, &[]) else { return };
    assert_eq!(marked(&once), [("calls", "descending")]);
    assert!(numbers(&once, "calls").is_sorted_by(|a, b| a >= b), "{:?}", numbers(&once, "calls"));
    let Some(twice) = browse("", &format!("{click} title.click();"), &[]) else { return };
    assert_eq!(marked(&twice), [("calls", "ascending")]);
    assert!(numbers(&twice, "calls").is_sorted() && numbers(&twice, "calls").len() > 1);
}

#[test]
fn an_address_says_how_it_is_sorted() {
    let Some(dom) = browse("#sort=function,up", "", &[]) else { return };
    assert_eq!(marked(&dom), [("function", "ascending")]);
    let Some(dom) = browse("#sort=err", "", &[]) else { return };
    assert_eq!(marked(&dom), [("err", "descending")]);
    // `-` is none, and comes last.
    let errors: Vec<u64> = column(&dom, "err").iter().map(|text| text.parse().unwrap_or(0)).collect();
    assert!(errors[0] > 0 && errors.is_sorted_by(|a, b| a >= b), "{errors:?}");
}

#[test]
fn a_search_leaves_the_functions_whose_names_contain_it() {
    let type_in = "const box = document.querySelector('#search'); box.value = 'PAGE::often'; box.dispatchEvent(new Event('input'));
        document.body.dataset.left = find('#functions tbody tr').filter(row => !row.hidden).map(row => row.cells[0].textContent);";
    let Some(dom) = browse("", type_in, &[]) else { return };
    assert_eq!(dom.split("data-left=\"").nth(1).unwrap().split('"').next(), Some("page::often"));
}

#[test]
fn a_narrow_window_keeps_the_names_and_room_for_the_figures() {
    let measure = "scrollTo(document.documentElement.scrollWidth, 0);
        const wide = selector => Math.round(document.querySelector(selector).getBoundingClientRect().width);
        const first = document.querySelector('#functions tbody td').getBoundingClientRect();
        document.body.dataset.places = [Math.round(first.left), wide('#functions tbody td'), wide('#functions td svg')];";
    let Some(dom) = browse("", measure, &["--window-size=500,700"]) else { return };
    let text = dom.split("data-places=\"").nth(1).unwrap().split('"').next().unwrap();
    let numbers: Vec<u32> = text.split(',').map(|number| number.parse().unwrap()).collect();
    // The names stay at the left, however far it is scrolled, and with the picture take less than 420 pixels.
    assert!(numbers[0] == 0 && numbers[1] + numbers[2] < 350 && numbers[1] >= 90, "{text}");
}

#[test]
fn names_break_between_their_parts_and_the_time_of_errors_is_there() {
    assert!(page().contains("<td>page::<wbr>often</td>"));
    let Some(dom) = browse("", "", &[]) else { return };
    let slow = rows(&dom).iter().position(|row| row[0].contains("&lt;slow&gt;")).unwrap();
    assert!(column(&dom, "err mean")[slow].ends_with("ms"), "{:?}", column(&dom, "err mean"));
}

#[test]
fn a_click_on_the_flame_graph_enlarges_a_call_and_the_next_one_returns() {
    let _recorded = super::tree::recorded();
    let html = {
        let test = testing::isolated();
        #[timed(name = "page::<outer>")]
        fn outer(clock: &Handle) {
            clock.advance(Duration::from_millis(6));
            often(clock, 2000);
            often(clock, 1000);
            clock.advance(Duration::from_millis(1));
        }
        outer(test.clock());
        timing::report().to_html()
    };
    let click = "const of = name => [...document.querySelectorAll('#flame .call')].find(c => c.textContent.startsWith(name));
        const widths = () => ['page::<outer>:', 'page::often:'].map(name => Math.round(percent(of(name), 'width'))).join();
        const told = [widths()];
        for (const n of [1, 2]) { of('page::often:').dispatchEvent(new Event('click')); told.push(widths()); }
        document.body.dataset.widths = told.join(' ');";
    let Some(dom) = browse_in(&html, "", click, &[]) else { return };
    assert_eq!(dom.split("data-widths=\"").nth(1).unwrap().split('"').next(), Some("100,30 100,100 100,30"));
}

#[test]
fn it_is_light_or_dark_as_the_reader_likes() {
    let tell = "document.body.dataset.page = getComputedStyle(document.body).backgroundColor;";
    let colour = |scheme: u8| {
        let dom = browse("", tell, &[&format!("--blink-settings=preferredColorScheme={scheme}")])?;
        Some(dom.split("data-page=\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
    };
    let (Some(dark), Some(light)) = (colour(0), colour(1)) else { return };
    assert_eq!((dark.as_str(), light.as_str()), ("rgb(20, 24, 28)", "rgb(251, 250, 247)"));
}
