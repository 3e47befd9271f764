using Microsoft.AspNetCore.Components.Server.Circuits;

namespace MnistLab.Studio.Notebooks;

/// <summary>
/// Represents the connection between a page and this process, which can be lost and restored while the page is open.
/// </summary>
internal sealed class PageConnection : CircuitHandler
{
    /// <summary>Occurs when the connection is lost (false) or restored (true).</summary>
    public event Action<bool>? Changed;

    /// <inheritdoc/>
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Changed?.Invoke(true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Changed?.Invoke(false);
        return Task.CompletedTask;
    }
}
