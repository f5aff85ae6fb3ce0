//! The guide: one page for each task, then how the attributes expand, and festoon for people who come from Python.
//!
//! * [Cache a function](cache)
//! * [How a hit works, and what it costs](hits)
//! * [Share a cache between machines](share)
//! * [Retry a request](retry)
//! * [Protect what you call, and yourself](protect)
//! * [Clean up whatever happens](clean_up)
//! * [Choose an implementation by name](choose)
//! * [See where time goes](measure)
//! * [Test all of it](mod@test)
//! * [Write a decorator of your own](decorator)
//! * [How it expands](expansions)
//! * [What it costs](costs)
//! * [For people who come from Python](python)

macro_rules! pages {
    ($($name:ident)*) => { $(
        #[doc = include_str!(concat!("../docs/", stringify!($name), ".md"))]
        pub mod $name {}
    )* };
}

pages! { cache hits share retry protect clean_up choose measure test decorator expansions costs python }
