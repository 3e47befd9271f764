using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MnistLab.Kernel.Directives;

/// <summary>Defines the dialect of the C# in cells: C# script in the latest version of the language.</summary>
internal static class CSharpDialect
{
    /// <summary>Gets the options that the C# of a cell is parsed with.</summary>
    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>Gets the version of C#, such as <c>14.0</c>.</summary>
    public static string VersionName { get; } = LanguageVersion.Latest.MapSpecifiedToEffectiveVersion().ToDisplayString();
}
