using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using MnistLab.Kernel.Scripting;

namespace MnistLab.Kernel.Interactive;

/// <summary>
/// Represents the command to run the C# of a cell whose directives have already been handled. A
/// <see cref="SubmitCode"/> would be searched for directives again, and a raw string may contain lines that look like
/// directives.
/// </summary>
/// <param name="run">Runs the C#. Its task completes when the code has ended, even if the cell was interrupted.</param>
/// <param name="cancellationToken">Canceled when the cell is interrupted.</param>
internal sealed class RunCell(Func<Task<ScriptResult>> run, CancellationToken cancellationToken)
    : KernelCommand(ScriptKernel.CSharp)
{
    private readonly TaskCompletionSource<ScriptResult> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile bool _isStarted;

    /// <summary>
    /// Returns the cell's result. A canceled command completes immediately, but the cell completes when its code has
    /// ended.
    /// </summary>
    /// <param name="result">The root kernel's result of the command.</param>
    /// <exception cref="InvalidOperationException">The kernel did not run the cell.</exception>
    public Task<ScriptResult> CompletionAfter(KernelCommandResult result)
    {
        if (_isStarted) return _completion.Task;
        var failure = result.Events.OfType<CommandFailed>().LastOrDefault();
        throw new InvalidOperationException(failure?.Message ?? "The kernel did not run the cell.");
    }

    /// <inheritdoc/>
    public override async Task InvokeAsync(KernelInvocationContext context)
    {
        _isStarted = true;
        // Cancels the context's token, which the cell's code may observe.
        using var interruption = cancellationToken.UnsafeRegister(
            _ => context.Fail(this, message: "The cell was interrupted."), null);
        try
        {
            var result = await run();
            if (result.Error is { } error) context.Fail(this, message: error.Message);
            _completion.SetResult(result);
        }
        // The caller that awaits the result handles the exception.
        catch (Exception error)
        {
            context.Fail(this, error);
            _completion.SetException(error);
        }
    }
}
