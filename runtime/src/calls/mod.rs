//! What calls that run in other processes have in common: their arguments and results as bytes, and how they ended.

mod codec;
mod reply;
mod serve;

pub use codec::{Codec, Codecs, Outcome, Work};
pub(crate) use codec::{codec, outcome};
pub use reply::Reply;
pub(crate) use reply::{Kind, text_of};
pub use serve::serve;
