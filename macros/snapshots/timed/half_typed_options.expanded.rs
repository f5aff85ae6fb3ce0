fn f () -> u8 { self . } :: core :: compile_error ! { "`name` needs a value: write `name = ..`" } :: core :: compile_error ! { "`warn_over` needs a value: write `warn_over = ..`" }
