namespace MnistLab.Kernel.Commands;

/// <summary>Represents the settings and actions that a program adds to the command <c>run</c>.</summary>
public sealed record RunSurroundings
{
    /// <summary>Gets the title of the report.</summary>
    public string Title { get; init; } = "Notebooks";

    /// <summary>Gets a function that returns the default folder of the executed notebooks and the report.</summary>
    public Func<string> DefaultOutput { get; init; } = () => "reports";

    /// <summary>Gets the name of the default folder in the command-line help.</summary>
    public string DefaultOutputName { get; init; } = "reports";

    /// <summary>
    /// Gets the action that runs before the notebooks, while the process of the first one starts, such as printing what
    /// the notebooks work on. It receives the full paths of the notebooks.
    /// </summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task> BeforeRun { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>
    /// Gets the action that runs when all notebooks have run or one has failed, such as printing what they left
    /// running. It receives the full paths of the notebooks.
    /// </summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task> AfterRun { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>
    /// Gets a function that returns whether an exception of this program has a message that tells the user what to do.
    /// </summary>
    public Func<Exception, bool> IsExpected { get; init; } = _ => false;
}
