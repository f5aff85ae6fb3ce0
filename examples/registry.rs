//! `#[registry]` and `#[derive(Register)]`: shapes created by name, wherever they are defined.

use festoon::{Register, registry};

/// Anything with an area.
#[registry(args(size: f64))]
trait Shape {
    /// In square metres.
    fn area(&self) -> f64;
}

mod shapes {
    use festoon::Register;

    /// A square, by the length of its side.
    #[derive(Register)]
    #[register(dyn super::Shape, name = "square", alias("quad"), new = Self::new)]
    struct Square {
        /// In metres.
        side: f64,
    }

    impl Square {
        fn new(side: f64) -> Result<Self, String> {
            if side < 0.0 { Err(format!("{side} is no length")) } else { Ok(Square { side }) }
        }
    }

    impl super::Shape for Square {
        fn area(&self) -> f64 {
            self.side * self.side
        }
    }
}

/// A circle, by its radius.
#[derive(Register)]
#[register(dyn Shape, name = "circle", new = Circle, priority = 1)]
struct Circle(f64);

impl Shape for Circle {
    fn area(&self) -> f64 {
        std::f64::consts::PI * self.0 * self.0
    }
}

fn main() {
    let shapes = <dyn Shape>::registry();
    shapes.check(&["square", "circle"]).unwrap();
    for shape in shapes {
        println!("{shape}\n  {}", shape.docs());
    }
    for (name, size) in [("circle", 1.0), ("quad", 3.0), ("square", -3.0), ("sqare", 3.0)] {
        match shapes.create(name, (size,)) {
            Ok(shape) => println!("{name} of {size}: {:.2} m²", shape.area()),
            Err(error) => println!("{name} of {size}: {error}"),
        }
    }
}
