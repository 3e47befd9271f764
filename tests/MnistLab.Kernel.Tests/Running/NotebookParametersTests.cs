using System.Text.Json;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class NotebookParametersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("var epochs = 3;", "epochs=5", "int epochs = 5;")]
    [InlineData("var size = 1;", "size=60_000", "int size = 60000;")]
    [InlineData("var rate = 0.1;", "rate=1e-3", "double rate = 0.001;")]
    [InlineData("var rate = 0.1;", "rate=NaN", "double rate = double.NaN;")]
    [InlineData("float rate = 1;", "rate=0.5", "float rate = 0.5f;")]
    [InlineData("decimal price = 1;", "price=0.50", "decimal price = 0.50m;")]
    [InlineData("const long limit = 1;", "limit=-9000000000", "long limit = -9000000000;")]
    [InlineData("var fast = false;", "fast=TRUE", "bool fast = true;")]
    [InlineData("var name = \"a\";", "name=b\"=\\\nc", "string name = \"b\\\"=\\\\\\nc\";")]
    [InlineData("var name = \"a\";", "name=", "string name = \"\";")]
    [InlineData("var letter = 'a';", "letter='", "char letter = '\\'';")]
    [InlineData("var day = DayOfWeek.Monday;", "day=friday", "DayOfWeek day = DayOfWeek.Friday;")]
    [InlineData("enum Model { Small, Large }\nvar model = Model.Small;", "model=Large", "Model model = Model.Large;")]
    [InlineData("int? seed = 1;", "seed=null", "int? seed = null;")]
    [InlineData("int? seed = null;", "seed=7", "int? seed = 7;")]
    [InlineData("int[] layers = { 1 };", "layers=784, 100,10", "int[] layers = new int[] { 784, 100, 10 };")]
    [InlineData("int a = 1, b = 2;", "b=3", "int b = 3;")]
    public void Inject_AValueOfItsType_DeclaresItAfterTheParameters(string declaration, string assignment, string injected)
    {
        var notebook = Read(("1", null), (declaration, "parameters"), ("2", null));

        NotebookParameters.Inject([notebook], Values(assignment));

        Assert.Equal(["1", declaration, $"// Parameters\n{injected}", "2"], notebook.Cells.Select(cell => cell.Source));
        Assert.Equal(["injected-parameters"], notebook.Cells[2].Tags);
    }

    [Theory]
    [InlineData("epochs=2.5", "type int")]
    [InlineData("epochs=99999999999", "type int")]
    [InlineData("epochs=five", "type int")]
    [InlineData("rate=0,1", "type double")]
    [InlineData("fast=yes", "true or false")]
    [InlineData("day=Someday", "Sunday, Monday")]
    [InlineData("layers=1,,2", "list of values")]
    [InlineData("version=1.0", "has no values that can be given as text")]
    public void Inject_AValueThatDoesNotFit_SaysWhatDoes(string assignment, string expectation)
    {
        var notebook = Read(
            ("var epochs = 1; var rate = 0.1; var fast = true; var day = DayOfWeek.Monday; int[] layers = { 1 }; var version = new Version();", "parameters"));

        var error = Assert.Throws<NotebookParameterException>(() => NotebookParameters.Inject([notebook], Values(assignment)));

        Assert.Contains(expectation, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{error.Name}'", error.Message, StringComparison.Ordinal);
        Assert.Single(notebook.Cells);
    }

    [Fact]
    public void Inject_AnUnknownName_ListsTheParametersThereAre()
    {
        var error = Assert.Throws<NotebookParameterException>(() =>
            NotebookParameters.Inject([Read(("var epochs = 3; var rate = 0.1;", "parameters"))], Values("epoch=3")));

        Assert.Contains("There is no parameter 'epoch'.", error.Message, StringComparison.Ordinal);
        Assert.Contains("int epochs = 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("double rate = 0.1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inject_WhereNoCellIsTagged_SaysSo() => Assert.Contains(
        "cell tagged 'parameters'",
        Assert.Throws<NotebookParameterException>(
            () => NotebookParameters.Inject([Read(("var epochs = 3;", null))], Values("epochs=3"))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Inject_IntoAnExecutedNotebook_ReplacesWhatWasInjected()
    {
        var notebook = Read(("var epochs = 3;", "parameters"));
        NotebookParameters.Inject([notebook], Values("epochs=4"));
        notebook.Save(_folder["again.ipynb"]);
        var again = NotebookDocument.Read(_folder["again.ipynb"]);

        NotebookParameters.Inject([again], Values("epochs=5"));

        Assert.Equal(["var epochs = 3;", "// Parameters\nint epochs = 5;"], again.Cells.Select(cell => cell.Source));
    }

    [Fact]
    public void Inject_IntoManyNotebooks_GivesEachItsOwn()
    {
        var (one, other) = (Read(("var epochs = 3;", "parameters")), Read(("1", null)));

        NotebookParameters.Inject([one, other], Values("epochs=4"));

        Assert.Equal((2, 1), (one.Cells.Count, other.Cells.Count));
    }

    [Theory]
    [InlineData("epochs")]
    [InlineData("=3")]
    [InlineData("")]
    public void Parse_OfWhatIsNoAssignment_SaysSo(string text) =>
        Assert.Throws<NotebookParameterException>(() => NotebookParameters.Parse(text));

    private static Dictionary<string, string> Values(string assignment) => new([NotebookParameters.Parse(assignment)]);

    private NotebookDocument Read(params (string Source, string? Tag)[] cells)
    {
        File.WriteAllText(_folder["a.ipynb"], SampleNotebook.WithCells([.. cells.Select(cell =>
            $$"""{ "cell_type": "code", "metadata": { "tags": [{{(cell.Tag is null ? "" : $"\"{cell.Tag}\"")}}] }, "outputs": [], "source": {{JsonSerializer.Serialize(cell.Source)}} }""")]));
        return NotebookDocument.Read(_folder["a.ipynb"]);
    }
}
