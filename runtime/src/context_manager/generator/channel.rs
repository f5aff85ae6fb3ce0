//! The channel between the body of a generator and its driver.
#![expect(unsafe_code, reason = "the body and its driver share a slot that neither owns")]

use std::any::Any;
use std::cell::Cell;
use std::future::Future;
use std::marker::PhantomData;
use std::mem::transmute;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use crate::{Outcome, OutcomeKind};

/// What a generator yields, and how.
pub trait Lends {
    /// The type that the scope works with.
    type Target: ?Sized;
}

/// `Yields<&mut T>`
#[derive(Debug)]
pub struct ByMut<T: ?Sized>(PhantomData<T>);

/// `Yields<&T>`
#[derive(Debug)]
pub struct ByRef<T: ?Sized>(PhantomData<T>);

/// `Yields<T>`
#[derive(Debug)]
pub struct ByValue<T>(PhantomData<T>);

// SAFETY: it represents a `&T`, and holds nothing.
unsafe impl<T: ?Sized + Sync> Send for ByRef<T> {}

impl<T: ?Sized> Lends for ByMut<T> {
    type Target = T;
}

impl<T: ?Sized> Lends for ByRef<T> {
    type Target = T;
}

impl<T> Lends for ByValue<T> {
    type Target = T;
}

/// What the scope may modify.
pub trait LendsMut: Lends {}

impl<T: ?Sized> LendsMut for ByMut<T> {}
impl<T> LendsMut for ByValue<T> {}

/// What the body receives at the end of its scope.
pub trait Told {
    /// All that a `drop` knows.
    fn dropped(how: OutcomeKind) -> Self;
}

/// The same, for a scope with the error type `E`.
pub trait Hears<E>: Told {
    /// # Safety
    ///
    /// The future that receives this has to be dropped while the borrow of the outcome lasts, or leaked and not used
    /// again.
    unsafe fn hear(how: Outcome<'_, E>) -> Self;
}

/// The kind of the outcome: for scopes with any error type.
#[derive(Debug)]
pub struct ToldKind(OutcomeKind);

impl ToldKind {
    /// The return value of `yield_!`.
    pub fn outcome(&mut self) -> OutcomeKind {
        self.0
    }
}

impl Told for ToldKind {
    fn dropped(how: OutcomeKind) -> Self {
        ToldKind(how)
    }
}

impl<E> Hears<E> for ToldKind {
    unsafe fn hear(how: Outcome<'_, E>) -> Self {
        ToldKind(how.kind())
    }
}

/// The outcome itself, whose borrow the body cannot name.
#[derive(Debug)]
pub struct ToldOutcome<E>(Raw<E>);

#[derive(Debug)]
enum Raw<E> {
    Error(NonNull<E>),
    Panic(NonNull<dyn Any + Send>),
    Other(OutcomeKind),
}

// SAFETY: it represents a `&mut E` and a `&mut (dyn Any + Send)`.
unsafe impl<E: Send> Send for ToldOutcome<E> {}

impl<E> ToldOutcome<E> {
    /// The return value of `yield_!`. It borrows a local variable of the body, and so ends before the body does.
    pub fn outcome(&mut self) -> Outcome<'_, E> {
        match &mut self.0 {
            // SAFETY: of `hear`: the body, in which this is a local variable, is dropped while the borrow lasts. There
            // is no second reference: this one borrows `self`, of which there is one for each outcome.
            Raw::Error(error) => Outcome::Error(unsafe { error.as_mut() }),
            // SAFETY: the same.
            Raw::Panic(payload) => Outcome::Panic(Some(unsafe { payload.as_mut() })),
            Raw::Other(OutcomeKind::Success) => Outcome::Success,
            Raw::Other(OutcomeKind::Panic) => Outcome::Panic(None),
            Raw::Other(OutcomeKind::Cancelled) => Outcome::Cancelled,
            Raw::Other(OutcomeKind::Error | OutcomeKind::Dropped) => Outcome::Dropped,
        }
    }
}

impl<E> Told for ToldOutcome<E> {
    fn dropped(how: OutcomeKind) -> Self {
        ToldOutcome(Raw::Other(how))
    }
}

impl<E> Hears<E> for ToldOutcome<E> {
    unsafe fn hear(how: Outcome<'_, E>) -> Self {
        ToldOutcome(match how {
            Outcome::Error(error) => Raw::Error(error.into()),
            Outcome::Panic(Some(payload)) => {
                let payload: NonNull<dyn Any + Send + '_> = payload.into();
                // SAFETY: the same type except for a lifetime: what is `Any` is `'static`.
                Raw::Panic(unsafe { transmute::<NonNull<dyn Any + Send + '_>, NonNull<dyn Any + Send>>(payload) })
            }
            other => Raw::Other(other.kind()),
        })
    }
}

/// Stored next to the future of the body. Only one side runs at a time.
pub(super) struct Channel<T: ?Sized, H> {
    /// What is lent while the body waits in its `yield_!`.
    pub(super) lent: Cell<Option<NonNull<T>>>,
    pub(super) told: Cell<Option<H>>,
}

impl<T: ?Sized, H> Channel<T, H> {
    pub(super) fn new() -> Self {
        Channel { lent: Cell::new(None), told: Cell::new(None) }
    }
}

/// The right to yield once. The expansion awaits one of its functions in place of `yield_!`, in the body itself.
pub struct Yielder<Y: Lends, H>(NonNull<Channel<Y::Target, H>>);

// SAFETY: it points next to the future that holds it, and moves with it. The values that it passes have these types.
unsafe impl<Y: Lends + Send, H: Send> Send for Yielder<Y, H> {}

impl<Y: Lends, H> Yielder<Y, H> {
    /// # Safety
    ///
    /// The channel has to exist as long as the future that is created with this, and only one thread at a time may use
    /// that future.
    pub(super) unsafe fn new(channel: NonNull<Channel<Y::Target, H>>) -> Self {
        Yielder(channel)
    }

    /// Lends it until the returned future completes or is dropped.
    fn begin(self, value: NonNull<Y::Target>) -> Scope<Y, H> {
        self.channel().lent.set(Some(value));
        Scope(self)
    }

    fn channel(&self) -> &Channel<Y::Target, H> {
        // SAFETY: of `new`: this is part of the future, so the channel exists.
        unsafe { self.0.as_ref() }
    }
}

impl<T: ?Sized, H> Yielder<ByMut<T>, H> {
    /// `yield_!(&mut value)`
    pub async fn yielded(self, value: &mut T) -> H {
        let scope = self.begin(value.into());
        scope.await
    }
}

impl<T: ?Sized, H> Yielder<ByRef<T>, H> {
    /// `yield_!(&value)`
    pub async fn yielded(self, value: &T) -> H {
        let scope = self.begin(value.into());
        scope.await
    }
}

impl<T, H> Yielder<ByValue<T>, H> {
    /// `yield_!(value)`
    pub async fn yielded(self, mut value: T) -> H {
        let scope = self.begin((&mut value).into());
        let told = scope.await;
        drop(value);
        told
    }
}

/// Waits for the end of the scope.
struct Scope<Y: Lends, H>(Yielder<Y, H>);

impl<Y: Lends, H> Future for Scope<Y, H> {
    type Output = H;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<H> {
        self.0.channel().told.take().map_or(Poll::Pending, Poll::Ready)
    }
}

impl<Y: Lends, H> Drop for Scope<Y, H> {
    fn drop(&mut self) {
        self.0.channel().lent.set(None);
    }
}
