using System.Globalization;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using MnistLab.Kernel.Directives;
using InteractiveKernel = Microsoft.DotNet.Interactive.Kernel;

namespace MnistLab.Kernel.Interactive;

/// <summary>Sends the requests of HTTP cells and displays the responses.</summary>
internal sealed class HttpKernel : InteractiveKernel, IKernelCommandHandler<SubmitCode>
{
    private readonly Func<string, object?> _valueOf;
    private readonly Lazy<HttpMessageInvoker> _http = new(() => new(new SocketsHttpHandler { UseCookies = false }));

    /// <summary>Initializes the kernel.</summary>
    /// <param name="valueOf">Returns the value of a C# variable; null if there is none.</param>
    public HttpKernel(Func<string, object?> valueOf)
        : base(CellLanguage.Http)
    {
        _valueOf = valueOf;
        KernelInfo.LanguageName = "HTTP";
        KernelInfo.DisplayName = "http - HTTP Request";
        KernelInfo.Description = "Sends the requests that follow and shows the responses.";
        RegisterForDisposal(() =>
        {
            if (_http.IsValueCreated) _http.Value.Dispose();
        });
    }

    async Task IKernelCommandHandler<SubmitCode>.HandleAsync(SubmitCode command, KernelInvocationContext context)
    {
        try
        {
            foreach (var request in HttpCell.Parse(command.Code, TextOf)) await SendAsync(request, command, context);
        }
        catch (Exception error) when (error is HttpCellException or FormatException)
        {
            context.Fail(command, message: error.Message);
        }
    }

    private async Task SendAsync(HttpCellRequest request, SubmitCode command, KernelInvocationContext context)
    {
        try
        {
            var response = await HttpCellResponse.ReceiveAsync(_http.Value, request, context.CancellationToken);
            context.Publish(new DisplayedValueProduced(null, command, response.ToForms()));
        }
        catch (HttpRequestException error)
        {
            throw new HttpCellException(
                $"{request.Method} {request.Address} failed: {error.Message} Is the service running?");
        }
    }

    private string? TextOf(string name) => _valueOf(name) switch
    {
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        var value => value?.ToString(),
    };
}
