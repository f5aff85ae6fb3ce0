//! Borrowed arguments and results.

use super::*;

#[timed]
fn first_mut(numbers: &mut Vec<u8>) -> &mut u8 {
    &mut numbers[0]
}

#[timed]
fn get_mut(numbers: &mut Vec<u8>, at: usize) -> Option<&mut u8> {
    numbers.get_mut(at)
}

#[timed]
fn try_mut(numbers: &mut Vec<u8>, at: usize) -> Result<&mut u8, usize> {
    let length = numbers.len();
    numbers.get_mut(at).ok_or(length)
}

#[timed]
fn early<'a>(numbers: &'a Vec<u8>, other: &'a [u8]) -> Result<&'a [u8], ()> {
    if !numbers.is_empty() {
        return Ok(numbers);
    }
    Ok(other)
}

#[timed]
async fn early_later(numbers: &Vec<u8>) -> Option<&[u8]> {
    if numbers.is_empty() {
        return None;
    }
    if numbers.len() > 1 {
        return Some(numbers);
    }
    Some(numbers)
}

#[timed]
async fn write_later(number: &mut u8) -> Result<&mut u8, String> {
    *number += 1;
    pause().await;
    *number += 1;
    Ok(number)
}

#[timed]
fn cow(text: &str) -> Cow<'_, str> {
    if text.is_empty() {
        return "empty".into();
    }
    Cow::Borrowed(text)
}

#[test]
fn what_goes_in_borrowed_comes_out_borrowed() {
    let mut numbers = vec![1, 2];
    *first_mut(&mut numbers) = 3;
    *get_mut(&mut numbers, 1).unwrap() = 4;
    *try_mut(&mut numbers, 1).unwrap() += 1;
    assert_eq!(try_mut(&mut numbers, 9), Err(2));
    assert_eq!(early(&numbers, &[]), Ok(&[3, 5][..]));
    assert_eq!(now(early_later(&numbers)), Some(&[3, 5][..]));
    assert_eq!(cow("") + &*cow("a"), "emptya");
    let mut n = 1;
    let mut future = Box::pin(write_later(&mut n));
    let mut context = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert!(matches!(future.as_mut().poll(&mut context), Poll::Ready(Ok(3))));
    assert_eq!(try_mut.timing().outcomes().error(), 1);
}
