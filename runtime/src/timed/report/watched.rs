//! Watched channels, streams and futures in the report: a table for each kind.

use std::time::Duration;

use unicode_width::UnicodeWidthStr as _;

use super::Report;
use super::html::escaped;
use crate::table::{Side, aligned};
use crate::timed::short::short;
use crate::timed::watched::channel::ChannelFigures;
use crate::timed::watched::future::FutureFigures;
use crate::timed::watched::stream::StreamFigures;
use crate::timed::watched::{channels, futures, streams};

/// All that is watched.
#[derive(Debug, Clone, Default)]
pub(super) struct Watched {
    pub(super) channels: Vec<ChannelFigures>,
    pub(super) streams: Vec<StreamFigures>,
    pub(super) futures: Vec<FutureFigures>,
}

/// One table: titles with their meaning, the most important ones first, and the cells of each line.
struct Section {
    kind: &'static str,
    titles: &'static [(&'static str, &'static str)],
    lines: Vec<Vec<String>>,
}

const CHANNEL: &[(&str, &str)] = &[
    ("channel", "its name"),
    ("sent", "messages that were sent"),
    ("received", "messages that were received"),
    ("depth", "messages in it now"),
    ("max depth", "the most messages that were in it at once"),
    ("latency", "how long a received message was in it on average"),
    ("max latency", "the longest time of one message"),
    ("send wait", "how long senders have waited for room"),
    ("receive wait", "how long receivers have waited for messages"),
];

const STREAM: &[(&str, &str)] = &[
    ("stream", "its name"),
    ("items", "items that were yielded"),
    ("between", "the time from one item to the next on average"),
    ("max between", "the longest of these"),
    ("polls", "how often it was polled"),
    ("busy", "the time inside polls"),
    ("started", "streams that have been polled"),
    ("ended", "streams that have come to their end"),
];

const FUTURE: &[(&str, &str)] = &[
    ("future", "its name"),
    ("started", "futures that have been polled"),
    ("completed", "futures that are ready"),
    ("cancelled", "futures that were dropped before they were ready"),
    ("total", "the time from the first poll to the end"),
    ("mean", "the same on average"),
    ("polls", "how often it was polled"),
    ("busy", "the time inside polls"),
    ("longest poll", "the longest time that it kept its thread from other tasks"),
];

impl Watched {
    pub(super) fn collect() -> Self {
        Watched { channels: channels(), streams: streams(), futures: futures() }
    }

    /// Those with a line.
    fn sections(&self) -> impl Iterator<Item = Section> {
        let channels = self.channels.iter().map(channel).collect();
        let streams = self.streams.iter().map(stream).collect();
        let futures = self.futures.iter().map(future).collect();
        let all = [("channels", CHANNEL, channels), ("streams", STREAM, streams), ("futures", FUTURE, futures)];
        let all = all.into_iter().map(|(kind, titles, lines)| Section { kind, titles, lines });
        all.filter(|section| !section.lines.is_empty())
    }

    /// A table for each kind, with an empty line before each.
    pub(super) fn to_tables(&self, width: Option<usize>) -> String {
        self.sections().flat_map(|section| ["\n\n".to_owned(), section.to_table(width)]).collect()
    }

    pub(super) fn to_html(&self) -> String {
        self.sections().map(|section| section.to_html()).collect()
    }
}

fn channel(of: &ChannelFigures) -> Vec<String> {
    let counts = [of.sent, of.received, of.depth, of.max_depth].map(|count| count.to_string());
    line(of.name, counts, [of.mean_latency(), of.max_latency, of.send_wait, of.receive_wait])
}

fn stream(of: &StreamFigures) -> Vec<String> {
    let times = [of.mean_between(), of.max_between].map(short);
    let [items, polls, started, ended] = [of.items, of.polls, of.started, of.ended].map(|count| count.to_string());
    let [mean, max] = times;
    vec![of.name.to_owned(), items, mean, max, polls, short(of.busy), started, ended]
}

fn future(of: &FutureFigures) -> Vec<String> {
    let counts = [of.started, of.completed, of.cancelled].map(|count| count.to_string());
    let mut line = line(of.name, counts, [of.total, of.mean(), of.busy, of.longest_poll]);
    line.insert(6, of.polls.to_string());
    line
}

fn line<const C: usize, const T: usize>(name: &str, counts: [String; C], times: [Duration; T]) -> Vec<String> {
    [name.to_owned()].into_iter().chain(counts).chain(times.map(short)).collect()
}

impl Section {
    /// The last columns are left out where there is no room.
    fn to_table(&self, width: Option<usize>) -> String {
        let of = |columns: usize| {
            let head = self.titles[..columns].iter().map(|(title, _)| (*title).to_owned()).collect();
            let lines = self.lines.iter().map(|line| line[..columns].to_vec());
            let lines: Vec<Vec<String>> = std::iter::once(head).chain(lines).collect();
            aligned(&lines, |at| if at == 0 { Side::Left } else { Side::Right })
        };
        let fits = |text: &String| width.is_none_or(|width| text.lines().all(|line| line.width() <= width));
        (3..=self.titles.len()).rev().map(of).find(fits).unwrap_or_else(|| of(2))
    }

    fn to_html(&self) -> String {
        let title = |(title, help): &(&str, &str)| format!("<th scope=\"col\" title=\"{help}\">{title}</th>");
        let head: String = self.titles.iter().map(title).collect();
        let cell = |text: &String| format!("<td>{}</td>", escaped(text));
        let line = |line: &Vec<String>| format!("<tr>{}</tr>\n", line.iter().map(cell).collect::<String>());
        let (kind, lines): (_, String) = (self.kind, self.lines.iter().map(line).collect());
        format!("<h2>{kind}</h2><table><thead><tr>{head}</tr></thead><tbody>\n{lines}</tbody></table>\n")
    }
}

impl Report {
    /// Returns the watched channels, in the order of their names; see [`channel`](crate::timing::channel). Empty in the
    /// scope of a [`testing::recorder`](crate::testing::recorder), as they are counted for the process.
    #[must_use]
    pub fn channels(&self) -> &[ChannelFigures] {
        &self.watched.channels
    }

    /// Returns the watched streams, in the order of their names, as [`channels`](Report::channels).
    #[must_use]
    pub fn streams(&self) -> &[StreamFigures] {
        &self.watched.streams
    }

    /// Returns the watched futures, in the order of their names, as [`channels`](Report::channels).
    #[must_use]
    pub fn futures(&self) -> &[FutureFigures] {
        &self.watched.futures
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;
    use super::*;

    fn watched() -> Watched {
        let ms = Duration::from_millis;
        let channel = ChannelFigures {
            name: "jobs",
            sent: 10,
            received: 8,
            depth: 1,
            max_depth: 4,
            send_wait: ms(3),
            receive_wait: ms(7),
            latency: ms(16),
            max_latency: ms(5),
        };
        let stream = StreamFigures {
            name: "<lines>",
            started: 2,
            ended: 1,
            items: 4,
            between: ms(8),
            max_between: ms(6),
            polls: 9,
            busy: ms(1),
        };
        let future = FutureFigures {
            name: "reply",
            started: 4,
            completed: 2,
            cancelled: 1,
            polls: 11,
            busy: ms(1),
            longest_poll: Duration::from_micros(600),
            total: ms(30),
        };
        Watched { channels: vec![channel], streams: vec![stream], futures: vec![future] }
    }

    #[test]
    fn each_kind_has_a_table() {
        let expected = "

 channel  sent  received  depth  max depth  latency  max latency  send wait  receive wait
 jobs       10         8      1          4   2.00ms       5.00ms     3.00ms        7.00ms

 stream   items  between  max between  polls    busy  started  ended
 <lines>      4   2.00ms       6.00ms      9  1.00ms        2      1

 future  started  completed  cancelled   total    mean  polls    busy  longest poll
 reply         4          2          1  30.0ms  10.0ms     11  1.00ms         600µs";
        assert_eq!(watched().to_tables(None), expected);
        let narrow = watched().to_tables(Some(40));
        assert!(narrow.lines().all(|line| line.width() <= 40) && narrow.contains("received  depth\n"), "{narrow}");
    }

    #[test]
    fn they_follow_the_functions_in_the_table_and_the_page() {
        let report = Report { watched: watched(), ..report() };
        let table = report.to_table(Some(120));
        assert!(table.find("app::load") < table.find("channel  sent"), "{table}");
        let page = report.to_html();
        assert!(page.contains("<h2>streams</h2>") && page.contains("<td>&lt;lines&gt;</td>"), "{page}");
        let alone = Report { rows: Vec::new(), watched: watched(), ..report };
        assert!(alone.to_table(None).starts_with(" channel"), "{}", alone.to_table(None));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn json_has_them() {
        let report = Report { watched: watched(), ..report() };
        let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
        assert_eq!(
            (&json["channels"][0]["max_depth"], &json["channels"][0]["latency_ns"]),
            (&4.into(), &16_000_000.into())
        );
        assert_eq!(
            (&json["streams"][0]["name"], &json["streams"][0]["max_between_ns"]),
            (&"<lines>".into(), &6_000_000.into())
        );
        assert_eq!(
            (&json["futures"][0]["cancelled"], &json["futures"][0]["longest_poll_ns"]),
            (&1.into(), &600_000.into())
        );
    }
}
