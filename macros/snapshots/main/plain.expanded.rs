fn main() {
    ::festoon::__private::process::init();
    {
        work();
    }
}
