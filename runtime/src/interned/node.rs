//! An interned value in memory: one allocation for its counts and the value, and a thin pointer to it, even if the
//! value is unsized.
#![expect(unsafe_code, reason = "a thin pointer represents a value with a length")]

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use super::count::Count;
use crate::cached::{Header, Kind, Pointer};

/// See the module.
#[repr(C)]
pub struct Node<T: ?Sized> {
    header: Header,
    pub(super) count: Count,
    /// The length of the value, if it has one.
    len: usize,
    pub(super) value: T,
}

/// How to access a node of this type.
///
/// # Safety
/// `node` must restore the pointer whose address `boxed` or `copied` has returned.
pub unsafe trait Shape {
    /// The whole node.
    ///
    /// # Safety
    /// It must point to a node of this type whose memory has not been freed.
    unsafe fn node(pointer: Pointer) -> NonNull<Node<Self>>;
    /// The memory layout of a node.
    fn layout(len: usize) -> Layout;
}

// SAFETY: the type is sized, and the pointer needs only its address.
unsafe impl<T> Shape for T {
    #[inline]
    unsafe fn node(pointer: Pointer) -> NonNull<Node<T>> {
        pointer.cast()
    }

    fn layout(_: usize) -> Layout {
        Layout::new::<Node<T>>()
    }
}

// SAFETY: the length is written before the value, at the same offset in every node.
unsafe impl<T> Shape for [T] {
    #[inline]
    unsafe fn node(pointer: Pointer) -> NonNull<Node<[T]>> {
        let node = pointer.cast::<Node<()>>();
        // SAFETY: every node begins like one without a value: `repr(C)`.
        let len = unsafe { (*node.as_ptr()).len };
        let node = ptr::slice_from_raw_parts_mut(node.as_ptr().cast::<T>(), len) as *mut Node<[T]>;
        // SAFETY: it is not null, as it was not before.
        unsafe { NonNull::new_unchecked(node) }
    }

    fn layout(len: usize) -> Layout {
        let head = Layout::new::<Node<[T; 0]>>();
        let whole = Layout::array::<T>(len).and_then(|values| head.extend(values));
        // A value of this length is already in memory.
        whole.unwrap_or_else(|_| unreachable!("no value is as long as that")).0.pad_to_align()
    }
}

// SAFETY: a `str` is a slice of bytes.
unsafe impl Shape for str {
    #[inline]
    unsafe fn node(pointer: Pointer) -> NonNull<Node<str>> {
        // SAFETY: guaranteed by the caller.
        let node = unsafe { <[u8]>::node(pointer) }.as_ptr() as *mut Node<str>;
        // SAFETY: it is not null, as it was not before.
        unsafe { NonNull::new_unchecked(node) }
    }

    fn layout(len: usize) -> Layout {
        <[u8]>::layout(len)
    }
}

/// The counts of a node of any type.
///
/// # Safety
/// It must point to a node whose memory lives as long as the reference.
#[inline]
pub(super) unsafe fn count<'a>(pointer: Pointer) -> &'a Count {
    // SAFETY: every node begins like one without a value: `repr(C)`. The value, which may be gone, is not accessed.
    unsafe { &(*pointer.cast::<Node<()>>().as_ptr()).count }
}

impl<T: Shape + ?Sized> Node<T> {
    /// The operations that tables need for such nodes.
    pub(super) const KIND: &'static Kind = &Kind {
        weight: |_| 1,
        deadline: |_| u64::MAX,
        lives_on: false,
        free: |pointer| {
            // SAFETY: guaranteed by the table: it is one of these nodes, which is no longer used or read.
            unsafe { end::<T>(pointer) }
        },
    };

    /// A node whose value is a bitwise copy of `len` elements at `from`; the originals must not be used any more.
    ///
    /// # Safety
    /// `from` must be readable, and `T` must be a slice of `V` or `str`, or `V` itself.
    pub(super) unsafe fn copied<V>(hash: u64, from: *const V, len: usize) -> Pointer {
        let layout = T::layout(len);
        // SAFETY: its size is not zero, since it contains the counts.
        let Some(node) = NonNull::new(unsafe { alloc(layout) }.cast::<Node<[V; 0]>>()) else {
            handle_alloc_error(layout)
        };
        let head = Node { header: Header::new(hash), count: Count::new(), len, value: [] };
        // SAFETY: the memory is new, and has room for a header followed by this many values at their proper offset,
        // where an empty array begins.
        unsafe {
            node.write(head);
            (&raw mut (*node.as_ptr()).value).cast::<V>().copy_from_nonoverlapping(from, len);
        }
        node.cast()
    }
}

/// Drops the value, and frees its memory if no weak reference is left.
///
/// # Safety
/// It must not be used or read any more.
unsafe fn end<T: Shape + ?Sized>(pointer: Pointer) {
    /// Runs even if the value's destructor panics.
    struct Memory<T: Shape + ?Sized>(Pointer, PhantomData<Node<T>>);

    impl<T: Shape + ?Sized> Drop for Memory<T> {
        fn drop(&mut self) {
            // SAFETY: the strong references' share of the memory has not been released before.
            unsafe { leave_memory::<T>(self.0) }
        }
    }

    // SAFETY: guaranteed by the caller.
    let node = unsafe { T::node(pointer) };
    let _memory = Memory::<T>(pointer, PhantomData);
    // SAFETY: guaranteed by the caller.
    unsafe { (&raw mut (*node.as_ptr()).value).drop_in_place() };
}

/// # Safety
/// It must be a node of this type; the caller must own a share counted by [`Count::keep_memory`], or that of all strong
/// references, and must not use the node afterwards.
pub(super) unsafe fn leave_memory<T: Shape + ?Sized>(pointer: Pointer) {
    let node = pointer.cast::<Node<()>>().as_ptr();
    // SAFETY: the caller owns a share of the memory, and every node begins like one without a value.
    let (len, is_last) = unsafe { ((*node).len, (*node).count.leave_memory()) };
    if is_last {
        // SAFETY: `copied` allocated it with this layout, and it is no longer used.
        unsafe { dealloc(node.cast(), T::layout(len)) };
    }
}
