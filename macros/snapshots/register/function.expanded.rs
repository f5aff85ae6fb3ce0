/// Says hello.
fn greet(name: &str) -> String {
    format!("hello, {name}")
}
#[allow(unreachable_code)]
const _: () = {
    #[allow(unused_imports)]
    use ::festoon::__private::registry::NoRegistry as _;
    ::festoon::__private::registry::names! {
        dyn Command, "greet"
    }
    ::festoon::__private::registry::submit! {
        < dyn Command > ::festoon_slot(| entry, args | entry.festoon_construct:: < _, _ >
        (args, ::festoon::__private::registry::Ready(greet), | made |
        ::festoon::__private::registry::Box::new(made)),
        ::festoon::__private::registry::Spec { docs : "Says hello.", singleton :
        ::core::option::Option::Some(& || ::core::result::Result::Ok({ & greet })), ..
        ::festoon::__private::registry::registered:: < dyn Command > ()
        .spec_of_value(::festoon::__private::registry::digest("greet"), "greet",
        ::festoon::__private::registry::place!(), & greet) })
    }
};
