namespace MnistLab.Kernel.Display;

/// <summary>Defines what every cell can use without declaring it.</summary>
internal static class CellPrelude
{
    /// <summary>
    /// The first submission of a session. It declares a method that hides an extension method with the same signature.
    /// An overload would not be preferred to that method.
    /// </summary>
    public const string Declaration =
        "public static MnistLab.Kernel.Display.CellDisplay DisplayAs(this string value, string mimeType) "
        + "=> MnistLab.Kernel.Display.CellMembers.ShowAs(value, mimeType);";

    /// <summary>
    /// Gets the namespaces, and the types with static members, that are imported in .NET Interactive as well.
    /// </summary>
    public static IReadOnlyList<string> DefaultUsings { get; } =
    [
        "System",
        "System.Collections",
        "System.Collections.Generic",
        "System.Linq",
        "System.Text",
        "System.Threading.Tasks",
        "Microsoft.AspNetCore.Html",
        typeof(Microsoft.DotNet.Interactive.Kernel).FullName!,
    ];

    /// <summary>Gets the default usings, and the type that replaces some of their members.</summary>
    public static IReadOnlyList<string> Imports { get; } = [.. DefaultUsings, typeof(CellMembers).FullName!];
}
