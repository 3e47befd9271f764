using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;

namespace MnistLab.Kernel;

/// <summary>
/// Runs the C# of a cell whose directives have already been taken out. A <see cref="SubmitCode"/> would be searched for directives once more, and a raw string may
/// hold lines that look like one.
/// </summary>
/// <param name="code">The C#.</param>
/// <param name="run">Runs it. Its task ends when the code has really ended, also after an interrupt.</param>
/// <param name="cancellationToken">Canceled when the cell is interrupted.</param>
internal sealed class RunCell(string code, Func<Task<ScriptResult>> run, CancellationToken cancellationToken) : KernelCommand(ScriptKernel.CSharp)
{
    private readonly TaskCompletionSource<ScriptResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStarted;

    /// <summary>The C#.</summary>
    public string Code => code;

    /// <summary>The cell's outcome. A command counts as done as soon as it is canceled; a cell only when its code has ended.</summary>
    /// <param name="result">What the root kernel said about the command.</param>
    public Task<ScriptResult> CompletionAfter(KernelCommandResult result) => _isStarted
        ? _completion.Task
        : throw new InvalidOperationException(result.Events.OfType<Microsoft.DotNet.Interactive.Events.CommandFailed>().LastOrDefault()?.Message ?? "The kernel did not run the cell.");

    /// <inheritdoc/>
    public override async Task InvokeAsync(KernelInvocationContext context)
    {
        _isStarted = true;
        // Code that looks at the context's token is asked to stop, too.
        using var interruption = cancellationToken.UnsafeRegister(_ => context.Fail(this, message: "The cell was interrupted."), null);
        try
        {
            var result = await run();
            if (result.Error is { } error) context.Fail(this, message: error.Message);
            _completion.SetResult(result);
        }
        // The cell's own exceptions belong to whoever runs the cell.
        catch (Exception error)
        {
            context.Fail(this, error);
            _completion.SetException(error);
        }
    }
}
