//! An interned value in memory: one allocation for its counts and itself, and one pointer to it, also where its size is not
//! known.
#![expect(unsafe_code, reason = "a pointer without a length stands for a value that has one")]

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
    /// Of the value, where it has one.
    len: usize,
    pub(super) value: T,
}

/// How a node of this type is reached.
///
/// # Safety
/// `node` gives back the pointer that `boxed` or `copied` has made the address of.
pub unsafe trait Shape {
    /// The whole node.
    ///
    /// # Safety
    /// It points to a node of this type whose memory has not been freed.
    unsafe fn node(pointer: Pointer) -> NonNull<Node<Self>>;
    /// So much memory has a node.
    fn layout(len: usize) -> Layout;
}

// SAFETY: the type is of one size, and the pointer needs nothing but its address.
unsafe impl<T> Shape for T {
    #[inline]
    unsafe fn node(pointer: Pointer) -> NonNull<Node<T>> {
        pointer.cast()
    }

    fn layout(_: usize) -> Layout {
        Layout::new::<Node<T>>()
    }
}

// SAFETY: the length is written before the value, at the same place in each node.
unsafe impl<T> Shape for [T] {
    #[inline]
    unsafe fn node(pointer: Pointer) -> NonNull<Node<[T]>> {
        let node = pointer.cast::<Node<()>>();
        // SAFETY: each node begins like one without a value: `repr(C)`.
        let len = unsafe { (*node.as_ptr()).len };
        let node = ptr::slice_from_raw_parts_mut(node.as_ptr().cast::<T>(), len) as *mut Node<[T]>;
        // SAFETY: it is not null, as it was not before.
        unsafe { NonNull::new_unchecked(node) }
    }

    fn layout(len: usize) -> Layout {
        let head = Layout::new::<Node<[T; 0]>>();
        let whole = Layout::array::<T>(len).and_then(|values| head.extend(values));
        // A value of this length is in memory already.
        whole.unwrap_or_else(|_| unreachable!("no value is as long as that")).0.pad_to_align()
    }
}

// SAFETY: text is a slice of bytes.
unsafe impl Shape for str {
    #[inline]
    unsafe fn node(pointer: Pointer) -> NonNull<Node<str>> {
        // SAFETY: the caller's.
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
/// It points to a node whose memory stays as long as the reference.
#[inline]
pub(super) unsafe fn count<'a>(pointer: Pointer) -> &'a Count {
    // SAFETY: each node begins like one without a value: `repr(C)`. The value, which may have gone, is not looked at.
    unsafe { &(*pointer.cast::<Node<()>>().as_ptr()).count }
}

impl<T: Shape + ?Sized> Node<T> {
    /// What tables have to know of such nodes.
    pub(super) const KIND: &'static Kind = &Kind {
        weight: |_| 1,
        deadline: |_| u64::MAX,
        lives_on: false,
        free: |pointer| {
            // SAFETY: the table's: it is one of these nodes, and nobody uses or reads it any more.
            unsafe { end::<T>(pointer) }
        },
    };

    /// One whose value is a copy of `len` times `from`, bit by bit; nobody else may use what was there.
    ///
    /// # Safety
    /// `from` can be read, and `T` is a slice of `V` or text, or `V` itself.
    pub(super) unsafe fn copied<V>(hash: u64, from: *const V, len: usize) -> Pointer {
        let layout = T::layout(len);
        // SAFETY: it has a size: that of its counts.
        let Some(node) = NonNull::new(unsafe { alloc(layout) }.cast::<Node<[V; 0]>>()) else {
            handle_alloc_error(layout)
        };
        let head = Node { header: Header::new(hash), count: Count::new(), len, value: [] };
        // SAFETY: the memory is new, and has room for a head and so many values behind it, at the place where they belong:
        // an empty array stands where they begin.
        unsafe {
            node.write(head);
            (&raw mut (*node.as_ptr()).value).cast::<V>().copy_from_nonoverlapping(from, len);
        }
        node.cast()
    }
}

/// The value's end; that of its memory if no weak reference is left.
///
/// # Safety
/// Nobody uses or reads it any more.
unsafe fn end<T: Shape + ?Sized>(pointer: Pointer) {
    /// Also when the value's destructor panics.
    struct Memory<T: Shape + ?Sized>(Pointer, PhantomData<Node<T>>);

    impl<T: Shape + ?Sized> Drop for Memory<T> {
        fn drop(&mut self) {
            // SAFETY: the memory of all users together has not been left before.
            unsafe { leave_memory::<T>(self.0) }
        }
    }

    // SAFETY: the caller's.
    let node = unsafe { T::node(pointer) };
    let _memory = Memory::<T>(pointer, PhantomData);
    // SAFETY: the caller's.
    unsafe { (&raw mut (*node.as_ptr()).value).drop_in_place() };
}

/// # Safety
/// It is a node of this type; the caller has counted in [`Count::keep_memory`], or is all users together, and does not use it
/// afterwards.
pub(super) unsafe fn leave_memory<T: Shape + ?Sized>(pointer: Pointer) {
    let node = pointer.cast::<Node<()>>().as_ptr();
    // SAFETY: the caller's share of the memory, and each node begins like one without a value.
    let (len, is_last) = unsafe { ((*node).len, (*node).count.leave_memory()) };
    if is_last {
        // SAFETY: it was allocated with this layout by `copied`, and nobody has it any more.
        unsafe { dealloc(node.cast(), T::layout(len)) };
    }
}
