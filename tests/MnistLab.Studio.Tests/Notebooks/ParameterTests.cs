using MnistLab.Kernel.Running;
using MnistLab.Studio.Notebooks;

namespace MnistLab.Studio.Tests.Notebooks;

public sealed class ParameterTests
{
    [Fact]
    public void Controls_FollowTypesAndComments()
    {
        var controls = ParameterControl.In(
            "var rate = 0.01; // 0.001 … 1, the step\nvar steps = 1_000;\nvar fast = true;\nvar optimizer = \"sgd\"; // sgd | adam\nvar name = \"x\";");

        Assert.Equal(["rate", "steps", "fast", "optimizer", "name"], controls.Select(control => control.Name));
        Assert.Equal((0.001, 1d), (controls[0].Minimum, controls[0].Maximum));
        Assert.Equal(1 / 3d, controls[0].Place, 6);
        Assert.Equal(("1000", true, 100d), (controls[1].Value, controls[1].IsWhole, controls[1].Minimum));
        Assert.Equal(("1000", "10000"), (controls[1].At(0.5), controls[1].At(1)));
        Assert.True(controls[2].IsFlag);
        Assert.Equal(["sgd", "adam"], controls[3].Choices);
        Assert.Null(controls[4].Minimum);
    }

    [Fact]
    public void WithValue_ReplacesTheExpressionAlone()
    {
        const string Source = "// Settings\nvar rate = 0.01; // how far\nvar name = \"a\";";

        Assert.Equal("// Settings\nvar rate = 0.5; // how far\nvar name = \"a\";", NotebookParameters.WithValue(Source, "rate", "0.5"));
        Assert.Contains(
            "var name = \"say \\\"b\\\"\";",
            NotebookParameters.WithValue(Source, "name", "say \"b\""),
            StringComparison.Ordinal);
        Assert.Throws<NotebookParameterException>(() => NotebookParameters.WithValue(Source, "rate", "fast"));
        Assert.Throws<NotebookParameterException>(() => NotebookParameters.WithValue(Source, "other", "1"));
    }

    [Fact]
    public void Dependents_AreThoseThatUseItsNames_DirectlyOrThroughOthers()
    {
        string[] sources =
        [
            "var before = 1;",
            "var rate = 0.1;",
            "var unrelated = before;",
            "double Twice() => 2 * rate;",
            "var list = new List<int>();",
            "var result = Twice();",
            "list.Add(1); foreach (var rate2 in list) { }",
            "Console.WriteLine(result)",
        ];

        Assert.Equal([3, 5, 7], CellNames.DependentsOf(sources, 1));
    }
}
