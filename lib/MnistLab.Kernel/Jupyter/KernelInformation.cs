using System.Text.Json.Nodes;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Sessions;

namespace MnistLab.Kernel.Jupyter;

/// <summary>Provides information about the kernel.</summary>
internal static class KernelInformation
{
    /// <summary>Returns the content of the reply to a <c>kernel_info_request</c>.</summary>
    public static JsonObject Content() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = JupyterMessage.ProtocolVersion,
        ["implementation"] = "MnistLab.Kernel",
        ["implementation_version"] = KernelVersion.Current,
        ["language_info"] = new JsonObject
        {
            ["name"] = "C#",
            ["version"] = CSharpDialect.VersionName,
            ["mimetype"] = "text/x-csharp",
            ["file_extension"] = ".cs",
            ["pygments_lexer"] = "csharp",
            ["codemirror_mode"] = "text/x-csharp",
        },
        ["banner"] = $"C# on .NET {Environment.Version}, MnistLab.Kernel {KernelVersion.Current}",
        ["help_links"] = new JsonArray(new JsonObject { ["text"] = "C#", ["url"] = "https://learn.microsoft.com/dotnet/csharp/" }),
    };
}
