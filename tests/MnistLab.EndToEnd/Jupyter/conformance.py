"""What the tests of kernels that Jupyter's own developers wrote are told about this one."""
import unittest

import jupyter_kernel_test


class ConformanceTests(jupyter_kernel_test.KernelTests):
    kernel_name = ".net-csharp"
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("oops");'
    completion_samples = [
        {"text": "Console.WriteL", "matches": ["WriteLine"]},
        {"text": "Math.Sq", "matches": ["Sqrt"]},
    ]
    complete_code_samples = ["1", "var x = 5;", 'Console.WriteLine("x");', "class A { }"]
    incomplete_code_samples = ["for (int i = 0; i < 3; i++) {", "Console.WriteLine(", "class A {", "/* comment"]
    invalid_code_samples = ["var 3x = ;", "class { }"]
    code_generate_error = 'throw new InvalidOperationException("boom");'
    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": '"abc"', "result": "abc"},
        {"code": "new[]{1,2,3}.Sum()", "result": "6"},
    ]
    code_display_data = [
        {"code": 'display(HTML("<b>hi</b>"));', "mime": "text/html"},
        {"code": '"# md".DisplayAs("text/markdown");', "mime": "text/markdown"},
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6?7*"
    code_inspect_sample = "Console.WriteLine"
    code_clear_output = "ClearOutput();"
    # The one test that is left out is that of the pager: C# has nothing to show in one.


if __name__ == "__main__":
    unittest.main(verbosity=2)
