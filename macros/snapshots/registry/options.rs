#[registry(key = Code, default = Code::Pop, async_new, on_register = checked, duplicates)]
trait Instruction
where
    Self: Send,
{
    fn run(&self);
}
