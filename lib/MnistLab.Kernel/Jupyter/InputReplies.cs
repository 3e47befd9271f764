namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Matches the input requests of cells with the replies of the front end. Only one request is pending at a time.
/// </summary>
internal sealed class InputReplies : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile TaskCompletionSource<string>? _open;

    /// <summary>Sends an input request and returns the reply.</summary>
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

    /// <summary>Receives a reply. It is discarded if no request is pending.</summary>
    public void Receive(JupyterMessage reply) => _open?.TrySetResult((string?)reply.Content["value"] ?? "");

    public void Dispose() => _turn.Dispose();
}
