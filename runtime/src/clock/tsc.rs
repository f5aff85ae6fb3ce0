//! The processor's time stamp counter.
#![allow(unsafe_code, reason = "the counter is read by an intrinsic")]

/// The counter; zero if there is none.
#[inline]
#[cfg(target_arch = "x86_64")]
pub(super) fn read() -> u64 {
    // SAFETY: every x86_64 processor has the instruction; it reads a counter and does not access memory. Measured: 20
    // ns per pair, where two `Instant`s take 54 (benches/README.md). A system that forbids it to user code kills the
    // process, but no mainstream one does.
    unsafe { core::arch::x86_64::_rdtsc() }
}

#[inline]
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn read() -> u64 {
    0
}

/// Does the counter run at one rate in every power state? Bit 8 of EDX in CPUID leaf `0x8000_0007` ("Invariant TSC",
/// Intel SDM 17.17, AMD APM 13.2.4).
#[cfg(target_arch = "x86_64")]
#[allow(unused_unsafe, reason = "the intrinsic is safe in newer compilers")]
pub(super) fn is_invariant() -> bool {
    use core::arch::x86_64::__cpuid;
    // SAFETY: every x86_64 processor has CPUID, and the second leaf is only queried if the first says that it exists.
    unsafe { __cpuid(0x8000_0000).eax >= 0x8000_0007 && __cpuid(0x8000_0007).edx & (1 << 8) != 0 }
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn is_invariant() -> bool {
    false
}
