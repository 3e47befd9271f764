using System.Diagnostics;
using System.Text.Json.Nodes;
using CsCheck;
using MnistLab.Kernel.Documents;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class NotebookCellTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static Gen<string> Text => Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 20],
        Among("", "\n", "a\n\nb\n", "\r\n", "→ 😀 \u2028 \0", "\\u0041 \"", "<script>"));

    private static Gen<MimeBundle> Bundle =>
        Gen.Select(Among("text/plain", "text/html", "image/png", "image/svg+xml", "application/json"), Text).Array[0, 4]
        .Select(forms => forms.Aggregate(MimeBundle.Empty, (bundle, form) => form.Item1 == "application/json"
            ? bundle.With(form.Item1, new JsonObject { ["value"] = form.Item2 })
            : bundle.With(form.Item1, form.Item2)));

    private static Gen<NotebookOutput> Output => Gen.OneOf<NotebookOutput>(
        Gen.Select(Gen.Enum<StreamName>(), Text, (name, text) => (NotebookOutput)new StreamOutput(name, text)),
        Bundle.Select(data => (NotebookOutput)new DisplayOutput(data)),
        Gen.Select(Gen.Int[1, 1000], Bundle, (count, data) => (NotebookOutput)new ResultOutput(count, data)),
        Gen.Select(Text, Text, Text.Array[0, 3], (name, message, traceback) => (NotebookOutput)new ErrorOutput(name, message, traceback)));

    private static Gen<string> Among(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SetResult_SavedAndRead_IsTheSame() => Gen
        .Select(Gen.Int[0, 1000].Select(number => number == 0 ? (int?)null : number), Output.Array[0, 5])
        .Sample((count, outputs) =>
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.ipynb"], SampleNotebook.Json);
        var notebook = NotebookDocument.Read(folder["a.ipynb"]);
        notebook.Cells[1].SetResult(count, outputs);
        notebook.Save(folder["a.ipynb"]);

        var cell = NotebookDocument.Read(folder["a.ipynb"]).Cells[1];
        return cell.ExecutionCount == count && cell.Outputs.SequenceEqual(outputs) && cell.Outputs.SequenceEqual(notebook.Cells[1].Outputs);
    }, iter: 300, threads: 1);

    [Fact]
    public void SetResult_OfACellThatWasRun_ForgetsTheOldTimes()
    {
        var cell = ReadSample().Cells[1];

        cell.SetResult(1, []);

        Assert.Null(cell.Times);
        Assert.Empty(cell.Outputs);
    }

    [Fact]
    public void SetResult_OfACellWithoutCode_IsRefused()
    {
        var cell = ReadSample().Cells[0];

        Assert.Throws<InvalidOperationException>(() => cell.SetResult(1, []));
    }

    [Fact]
    public void Times_SavedAndRead_AreTheSameInstants()
    {
        var notebook = ReadSample();
        var started = new DateTimeOffset(2026, 5, 6, 7, 8, 9, 123, TimeSpan.FromHours(2));
        notebook.Cells[1].Times = new(started, started.AddMinutes(3));
        notebook.Save(_folder["b.ipynb"]);

        Assert.Equal(new ExecutionTimes(started, started.AddMinutes(3)), NotebookDocument.Read(_folder["b.ipynb"]).Cells[1].Times);
        Assert.Contains(
            "\"iopub.execute_input\": \"2026-05-06T05:08:09.123000Z\"",
            File.ReadAllText(_folder["b.ipynb"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task SavedNotebook_ForJupytersOwnValidator_IsValid()
    {
        File.WriteAllText(_folder["a.ipynb"], SampleNotebook.Json.Replace(",\n \"unknown\": true", "", StringComparison.Ordinal));
        var notebook = NotebookDocument.Read(_folder["a.ipynb"]);
        notebook.Cells[1].SetResult(3, [
            new StreamOutput(StreamName.Stdout, "a\nb"),
            new DisplayOutput(MimeBundle.From("image/png", "iVBORw0KGgo=").With("application/json", JsonNode.Parse("[1]")), "progress"),
            new ResultOutput(3, MimeBundle.From("text/html", "<b>\n</b>").With("text/plain", "b")),
            new ErrorOutput("E", "m", ["at A"]),
        ]);
        notebook.Cells[1].Times = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(1));
        notebook.Save(_folder["b.ipynb"]);

        using var process = Process.Start(new ProcessStartInfo(InstalledPython.RequireWith("nbformat"))
        {
            ArgumentList = { "-c", "import sys, nbformat; nbformat.validate(nbformat.read(sys.argv[1], as_version=nbformat.NO_CONVERT))", _folder["b.ipynb"] },
            RedirectStandardError = true,
        })!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, errors);
        Assert.Equal("", errors);
    }

    [Theory]
    [InlineData("""{ "cell_type": "code", "metadata": {}, "source": "1" }""")]
    [InlineData("""{ "cell_type": "code", "metadata": {}, "outputs": null, "source": "1" }""")]
    public void CodeCell_WithoutOutputs_IsReadAsOneThatWasNotRun(string cell)
    {
        File.WriteAllText(_folder["a.ipynb"], SampleNotebook.WithCells(cell));
        var notebook = NotebookDocument.Read(_folder["a.ipynb"]);
        Assert.Empty(notebook.Cells[0].Outputs);
        notebook.Save(_folder["b.ipynb"]);
        var saved = JsonNode.Parse(File.ReadAllText(_folder["b.ipynb"]))!["cells"]![0]!.AsObject();
        Assert.Empty(saved["outputs"]!.AsArray());
        Assert.True(saved.ContainsKey("execution_count"));
    }

    private NotebookDocument ReadSample()
    {
        File.WriteAllText(_folder["a.ipynb"], SampleNotebook.Json);
        return NotebookDocument.Read(_folder["a.ipynb"]);
    }
}
