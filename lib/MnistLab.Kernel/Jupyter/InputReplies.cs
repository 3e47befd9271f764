namespace MnistLab.Kernel;

/// <summary>What people answered to the questions of cells. One question is open at a time.</summary>
internal sealed class InputReplies : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile TaskCompletionSource<string>? _open;

    /// <summary>Asks, and waits for the answer.</summary>
    public async Task<string> NextAsync(Action ask, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _open = answer;
            ask();
            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _open = null;
            _turn.Release();
        }
    }

    /// <summary>Takes an answer; one that nobody waits for any more is dropped.</summary>
    public void Receive(JupyterMessage reply) => _open?.TrySetResult((string?)reply.Content["value"] ?? "");

    public void Dispose() => _turn.Dispose();
}
