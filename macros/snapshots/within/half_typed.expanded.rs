fn f () { if 1 } :: core :: compile_error ! { "expected a `,` between options" }
