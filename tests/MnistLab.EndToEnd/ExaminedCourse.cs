[assembly: AssemblyFixture(typeof(MnistLab.EndToEnd.ExaminedCourse))]

namespace MnistLab.EndToEnd;

/// <summary>
/// Represents a run of the English course by the command, on the sample, with an examination at the end of each
/// notebook. It is the longest run in the tests, so several tests share its results.
/// </summary>
public sealed class ExaminedCourse : IAsyncDisposable
{
    // In seconds: on the sample, no cell of the course may make its reader wait longer.
    internal const string LongestCell = "90";

    private readonly Lazy<Task<ExaminedCourseRun>> _run;

    public ExaminedCourse() => _run = new(RunAsync);

    /// <summary>Gets the workspace of the run.</summary>
    public CopiedWorkspace Workspace { get; } = new();

    /// <summary>Gets the run, which begins when the first test asks for it.</summary>
    public Task<ExaminedCourseRun> Run => _run.Value;

    public ValueTask DisposeAsync() => Workspace.DisposeAsync();

    private async Task<ExaminedCourseRun> RunAsync()
    {
        Workspace.Examine(isMnist: false);
        var (exitCode, output, error) = await Workspace.RunAsync(null, "run", "notebooks", "--timeout", LongestCell);
        Assert.True(exitCode == 0, output + error);
        var notebooks = Workspace.ExecutedNotebooks.ToDictionary(
            file => Path.GetFileNameWithoutExtension(file)!,
            file => ExecutedNotebook.Parse(File.ReadAllText(file), Workspace.Folder));
        return new(output, notebooks);
    }
}
