using Microsoft.AspNetCore.Components.Server.Circuits;

namespace MnistLab.Studio.Notebooks;

/// <summary>The connection between a page and this process, which can be lost and come back while the page lives.</summary>
internal sealed class PageConnection : CircuitHandler
{
    /// <summary>Occurs when the connection is lost (false), or is back (true).</summary>
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
