//! Runs one attack after another, each for its share of the time, and ends the program when one hangs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::log::THREADS;

/// One attack by its name; it returns whether it could take place.
pub type Attack = (&'static str, fn(&Run) -> bool);

/// How much longer than its share one may take, on a machine that is busy with other things. Then it hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// What an attack is given.
pub struct Run {
    name: &'static str,
    seed: u64,
    end: Instant,
    rounds: AtomicU64,
}

impl Run {
    pub fn goes_on(&self) -> bool {
        Instant::now() < self.end
    }

    /// The number of the round that begins.
    pub fn next_round(&self) -> u64 {
        self.rounds.fetch_add(1, SeqCst)
    }

    /// What a thread begins a round with. It depends on no other attack and no other round.
    pub fn seed(&self, round: u64, thread: usize) -> u64 {
        let parts = self.name.bytes().map(u64::from).chain([round, thread as u64]);
        parts.fold(self.seed, |seed, part| fastrand::Rng::with_seed(seed ^ part).u64(..))
    }

    pub fn tell(&self, what: &str) {
        println!("{}: {} rounds, {what}", self.name, self.rounds.load(SeqCst));
    }
}

/// What each thread does: step, operation and key.
static DOING: [[AtomicU64; 3]; THREADS] = [const { [const { AtomicU64::new(0) }; 3] }; THREADS];

pub fn doing(thread: usize, step: u64, what: u32, key: usize) {
    let now = [step, u64::from(what), key as u64];
    DOING[thread].iter().zip(now).for_each(|(place, number)| place.store(number, SeqCst));
}

/// The attack that runs, how it is run again, and when it hangs.
static RUNNING: Mutex<Option<(String, Instant)>> = Mutex::new(None);

fn now_running(attack: Option<(String, Instant)>) {
    *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = attack;
}

/// A hang is a failure that says what it is.
fn watch() {
    loop {
        std::thread::park_timeout(Duration::from_secs(1));
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some((again, limit)) = running else { continue };
        if Instant::now() > limit {
            println!("HANGS: {again}\nstep, operation and key of each thread: {DOING:?}");
            std::process::exit(101);
        }
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable}: expected a number, found `{text}`")))
}

/// The names that `cargo test -- NAME --skip NAME` has given; its other options mean nothing here.
fn is_meant(name: &str) -> bool {
    let (mut names, mut skipped, mut arguments) = (vec![], vec![], std::env::args().skip(1));
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--skip" => skipped.extend(arguments.next()),
            "--test-threads" | "--format" | "--color" | "-Z" => _ = arguments.next(),
            option if option.starts_with('-') => {}
            _ => names.push(argument),
        }
    }
    let is_exact = std::env::args().any(|argument| argument == "--exact");
    let is_one = |part: &String| if is_exact { name == part } else { name.contains(part.as_str()) };
    let is_in = |list: &[String]| list.iter().any(is_one);
    (names.is_empty() || is_in(&names)) && !is_in(&skipped)
}

/// Runs those that are meant.
pub fn run(attacks: &[Attack]) -> ExitCode {
    let attacks: Vec<_> = attacks.iter().filter(|(name, _)| is_meant(name)).collect();
    if std::env::args().any(|argument| argument == "--list") {
        for (name, _) in attacks {
            println!("{name}: test");
        }
        return ExitCode::SUCCESS;
    }
    let seconds = number("ATTACK_SECONDS").unwrap_or(30);
    let seed = number("ATTACK_SEED").unwrap_or_else(|| fastrand::u64(..));
    let share = Duration::from_secs(seconds) / u32::try_from(attacks.len().max(1)).unwrap_or(1);
    println!("{} attacks, ATTACK_SECONDS={seconds} ATTACK_SEED={seed}", attacks.len());
    std::thread::spawn(watch);
    let failed = attacks.iter().filter(|(name, attack)| !one(name, *attack, seed, share)).count();
    println!("{failed} of {} attacks failed", attacks.len());
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether it went well.
fn one(name: &'static str, attack: fn(&Run) -> bool, seed: u64, share: Duration) -> bool {
    let again = format!("ATTACK_SEED={seed} cargo test -p festoon-attack --test attack -- --exact {name}");
    let end = Instant::now() + share;
    now_running(Some((again.clone(), end + LIMIT)));
    let run = Run { name, seed, end, rounds: AtomicU64::new(0) };
    let outcome = catch_unwind(AssertUnwindSafe(|| attack(&run)));
    now_running(None);
    match outcome {
        Ok(true) => {}
        Ok(false) => println!("{name}: skipped"),
        Err(_) => println!("FAILED in round {}: {again}", run.rounds.load(SeqCst) - 1),
    }
    outcome.is_ok()
}
