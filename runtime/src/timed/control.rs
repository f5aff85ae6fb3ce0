//! Which functions are measured: by pattern, and by environment.

use std::sync::{LazyLock, Mutex};

use wildmatch::WildMatch;

use crate::sync::lock;

/// One setting; the last that matches a function applies.
struct Rule {
    pattern: WildMatch,
    enabled: bool,
}

/// The settings from the environment come first, so later ones override them.
static RULES: LazyLock<Mutex<Vec<Rule>>> = LazyLock::new(|| {
    Mutex::new(std::env::var("FESTOON_TIMED").map_or_else(|_| Vec::new(), |text| from_environment(&text)))
});

/// *Input:* `off`, or `shop::*,*price`. *Output:* nothing is enabled, or only what matches.
fn from_environment(text: &str) -> Vec<Rule> {
    let patterns = text.split(',').map(str::trim).filter(|pattern| !pattern.is_empty() && *pattern != "off");
    let chosen = patterns.filter(|pattern| *pattern != "on").map(|pattern| rule(pattern, true)).collect::<Vec<_>>();
    if chosen.is_empty() && text.trim() != "off" {
        return chosen;
    }
    std::iter::once(rule("*", false)).chain(chosen).collect()
}

fn rule(pattern: &str, enabled: bool) -> Rule {
    Rule { pattern: WildMatch::new(pattern), enabled }
}

/// Is a function with this name measured?
pub(super) fn is_enabled(name: &str) -> bool {
    decide(&lock(&RULES), name)
}

fn decide(rules: &[Rule], name: &str) -> bool {
    rules.iter().rev().find(|rule| rule.pattern.matches(name)).is_none_or(|rule| rule.enabled)
}

/// Adds a setting, and applies it before another one can be added.
pub(super) fn change(pattern: &str, enabled: bool, apply: impl FnOnce(&dyn Fn(&str) -> bool)) {
    let mut rules = lock(&RULES);
    rules.retain(|rule| rule.pattern != pattern);
    rules.push(rule(pattern, enabled));
    apply(&|name| decide(&rules, name));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_what_is_on() {
        let on = |text: &str, name| decide(&from_environment(text), name);
        assert!(!on("off", "shop::price") && on("", "shop::price") && on("on", "shop::price"));
        assert!(on("shop::*, *::load", "shop::price") && on("shop::*, *::load", "disk::load"));
        assert!(!on("shop::*, *::load", "disk::save"));
    }

    #[test]
    fn the_last_rule_that_matches_holds() {
        let rules = [rule("*", false), rule("shop::*", true), rule("shop::tax", false)];
        assert!(decide(&rules, "shop::price") && !decide(&rules, "shop::tax") && !decide(&rules, "disk::load"));
    }
}
