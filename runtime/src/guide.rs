//! The guide: one page per task, then how the attributes expand, what they cost, and a page for Python programmers.
//!
//! * [Cache a function](cache)
//! * [How a hit works, and what it costs](hits)
//! * [Share a cache between machines](share)
//! * [Retry a request](retry)
//! * [Protect services and their callers](protect)
//! * [What retries do to a service that is down](fleet)
//! * [Clean up whatever happens](clean_up)
//! * [Choose an implementation by name](choose)
//! * [Call a function many times at once](many)
//! * [See where time goes](measure)
//! * [Test all of it](mod@test)
//! * [Write your own decorator](decorator)
//! * [What cannot be stacked](refused)
//! * [How it expands](expansions)
//! * [What it costs](costs)
//! * [Coming from Python](python)

macro_rules! pages {
    ($($name:ident $([$picture:ident])?)*) => { $(
        #[doc = include_str!(concat!("../docs/", stringify!($name), ".md"))]
        $(
            #[doc = ""]
            #[doc = include_str!(concat!("../docs/", stringify!($picture), ".svg"))]
        )?
        pub mod $name {}
    )* };
}

pages! { cache hits share retry protect fleet [fleet] clean_up choose many measure test decorator refused expansions costs python }
