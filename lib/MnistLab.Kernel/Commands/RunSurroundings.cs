namespace MnistLab.Kernel;

/// <summary>What a program that knows more about its notebooks adds to the command <c>run</c>.</summary>
public sealed record RunSurroundings
{
    /// <summary>Gets the report's title.</summary>
    public string Title { get; init; } = "Notebooks";

    /// <summary>Gets the folder of the executed notebooks and the report where the command line names none.</summary>
    public Func<string> DefaultOutput { get; init; } = () => "reports";

    /// <summary>Gets how the command line's help names that folder.</summary>
    public string DefaultOutputName { get; init; } = "reports";

    /// <summary>Gets what is done while the first notebook's process starts, such as printing what the notebooks work on. Gets the notebooks' full paths.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task> BeforeRun { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Gets what is done when all notebooks have run or one has failed, such as printing what they left running. Gets the notebooks' full paths.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task> AfterRun { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Gets which exceptions of these have a message that tells the user what to do.</summary>
    public Func<Exception, bool> IsExpected { get; init; } = _ => false;
}
