using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>Tests that notebooks run on both this kernel and .NET Interactive, with the same outputs.</summary>
public sealed class PortabilityTests(ExecutedNotebooks notebooks)
{
    [Fact]
    public Task Course_OnBothKernels_RunsAndShowsTheSame() => AssertSameAsync(notebooks.CourseAsync, "✓");

    [Fact]
    public Task ChineseCourse_OnBothKernelsAfterTheEnglishOne_RunsAndShowsTheSame() =>
        AssertSameAsync(notebooks.ChineseCourseAsync, "○");

    [Fact]
    public async Task Corpus_OnBothKernels_ShowsTheSameAndMeetsEveryAllowedDifference()
    {
        Require();
        var comparison = new KernelComparison(AllowedDifferences.OfCells);
        var ours = await notebooks.CorpusAsync(JupyterKernelKind.Ours);
        var theirs = await notebooks.CorpusAsync(JupyterKernelKind.DotNetInteractive);

        AssertNone(comparison.Differences(ours, theirs));
        var ofCells = AllowedDifferences.OfCells.Select(allowed => allowed.Reason);
        var ofOutputs = AllowedDifferences.OfOutputs.Select(allowed => allowed.Reason);
        Assert.Equal(ofCells.Concat(ofOutputs).ToHashSet(), comparison.Used.ToHashSet());
    }

    private static async Task AssertSameAsync(
        Func<JupyterKernelKind, Task<ExecutedNotebook[]>> executeAsync, string markOfSteps)
    {
        Require();
        var executed = await Task.WhenAll(
            executeAsync(JupyterKernelKind.Ours), executeAsync(JupyterKernelKind.DotNetInteractive));
        var (ours, theirs) = (executed[0], executed[1]);

        Assert.True(ours.Sum(notebook => notebook.Cells.Count) > 140);
        AssertNone(ours.SelectMany(Errors));
        AssertNone(theirs.SelectMany(Errors));
        var steps = ours.SelectMany(notebook => notebook.Cells).Where(cell => cell.IsStepCheck).ToList();
        Assert.NotEmpty(steps);
        Assert.All(steps, step => Assert.Contains($"{markOfSteps} ", Assert.Single(step.Outputs).Text, StringComparison.Ordinal));
        var comparison = new KernelComparison(AllowedDifferences.OfCourseCells);
        AssertNone(ours.Zip(theirs).SelectMany(notebook => comparison.Differences(notebook.First, notebook.Second)));
        var ofTheCourse = AllowedDifferences.OfCourseCells.Except(AllowedDifferences.OfCells).Select(allowed => allowed.Reason);
        Assert.Superset(AllowedDifferences.Measured.Values.Concat(ofTheCourse).ToHashSet(), comparison.Used.ToHashSet());
    }

    private static IEnumerable<string> Errors(ExecutedNotebook notebook) =>
        from cell in notebook.Cells
        from output in cell.Outputs
        where output.Kind == "error"
        select $"{cell.Id}: {output.Text}";

    // Unlike with Assert.Empty, the message is not shortened.
    private static void AssertNone(IEnumerable<string> found)
    {
        var text = string.Join('\n', found);
        Assert.True(text.Length == 0, text);
    }

    private static void Require()
    {
        InstalledProgram.Require("jupyter-nbconvert");
        InstalledProgram.Require(DotNetInteractive.Program);
    }
}
