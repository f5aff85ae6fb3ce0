//! Attributes that are not macros, and so are expanded by nobody.

use syn::Attribute;

/// Attributes that are not macros. `test` is a macro, but it does not change the function.
const INERT: &[&str] = &[
    "allow",
    "warn",
    "deny",
    "expect",
    "forbid",
    "doc",
    "inline",
    "cold",
    "must_use",
    "deprecated",
    "cfg",
    "track_caller",
    "no_mangle",
    "export_name",
    "link_section",
    "target_feature",
    "unsafe",
    "test",
    "ignore",
    "should_panic",
    "coverage",
    "automatically_derived",
    "rustfmt",
    "clippy",
    "diagnostic",
    "rust_analyzer",
    "instruction_set",
    "optimize",
];

pub(crate) fn is_inert(attr: &Attribute) -> bool {
    attr.path().segments.first().is_some_and(|first| INERT.contains(&first.ident.to_string().as_str()))
}
