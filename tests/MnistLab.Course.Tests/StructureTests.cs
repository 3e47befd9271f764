using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using MnistLab.Kernel.Documents;

namespace MnistLab.Course.Tests;

/// <summary>
/// Tests the structure of the notebooks: the elements that each must have, and those that none may have.
/// </summary>
public sealed partial class StructureTests
{
    private const int MostLines = 12;
    private const int MostColumns = 88;
    private const int LeastSteps = 12;
    private const int Questions = 25;

    private static readonly string[] DependenciesOfTheLibrary = ["TorchSharp",
        "Microsoft.Data.Analysis",
        "DataFrameColumn",
        "Plotly",
        "SkiaSharp"];

    private static readonly string[] LastSections = ["Recap", "Glossary", "Questionnaire", "Exercises", "Further reading"];

    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Notebook_AsCommitted_HasNoResults(string name) =>
        Assert.All(
            Notebooks.Named(name).Cells,
            cell => Assert.True(cell is { ExecutionCount: null, Outputs.Count: 0 }, $"Cell {cell.Id} has results: clear them before committing."));

    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Cells_OfCode_AreShortAndEachHasAnIdOfItsOwn(string name)
    {
        var notebook = Notebooks.Named(name);

        Assert.All(notebook.Code, cell => Assert.True(
            cell.Source.Split('\n').Count(line => !IsImport(line)) <= MostLines,
            $"Cell {cell.Id} has more than {MostLines} lines besides those that name packages and namespaces."));
        Assert.All(notebook.Cells, cell => Assert.StartsWith(name[2..] + "-", cell.Id, StringComparison.Ordinal));
        Assert.Equal(notebook.Cells.Count, notebook.Cells.Select(cell => cell.Id).Distinct().Count());
    }

    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Lines_OfCode_FitIntoTheColumnOfACell(string name)
    {
        var notebook = Notebooks.Named(name);
        foreach (var (id, code) in notebook.Code
            .Select(cell => (cell.Id, cell.Source))
            .Concat(notebook.Texts.SelectMany(ExerciseAnswer.In).Select(answer => (answer.Cell, answer.Code))))
            Assert.All(code.Split('\n'), line => Assert.True(
                line.Length <= MostColumns,
                $"Cell {id} has a line of {line.Length} characters, more than {MostColumns}: {line}"));
    }

    [Fact]
    public void Steps_OfTheCourse_AreADozenAtLeast() =>
        Assert.True(Notebooks.English.Sum(notebook => notebook.Steps.Count()) >= LeastSteps);

    // A question whose answer is not in the text would be an exercise.
    [Fact]
    public void Questionnaires_OfTheCourse_HaveQuestionsThatEachLinkToTheirAnswer()
    {
        var cells = Notebooks.English
            .SelectMany(notebook => notebook.Texts)
            .Where(cell => cell.Source.StartsWith("## Questionnaire", StringComparison.Ordinal))
            .Select(cell => cell.Id)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var language in Notebooks.Folder.Languages.Prepend(CourseFolder.English))
        {
            var notebooks = Notebooks.English.Select(notebook => CourseNotebook.Read(
                Path.Combine(Notebooks.Folder.FolderOf(language), Path.GetFileName(notebook.File))));
            var questions = notebooks
                .SelectMany(notebook => notebook.Texts.Where(cell => cells.Contains(cell.Id)))
                .SelectMany(cell => cell.Source.Split('\n').Where(line => Question().IsMatch(line))).ToList();
            Assert.Equal(Questions, questions.Distinct().Count());
            Assert.All(questions, question => Assert.Single(Prose.Links(question), link => link.Address.StartsWith('#')));
        }
    }

    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Header_OfANotebook_SaysWhatATeacherWouldAsk(string name)
    {
        var index = Notebooks.English.ToList().FindIndex(notebook => notebook.Name == name);
        var header = Notebooks.English[index].Cells[0];

        Assert.Equal(CellKind.Markdown, header.Kind);
        Assert.Matches($"^# {index + 1} · .+\n\n\\*\\*You will learn\\*\\* .+\n", header.Source);
        foreach (var row in new[] { "| Time | ", "| You need | ", "| Result | ", "| Previous | ", "| Next | " })
            Assert.Contains(row, header.Source, StringComparison.Ordinal);
        var links = Prose.Links(header.Source).Select(link => link.Address).ToList();
        Assert.Contains(index == 0 ? "README.md" : Path.GetFileName(Notebooks.Folder.Notebooks[index - 1]), links);
        Assert.Contains(index == Notebooks.English.Count - 1
            ? "README.md"
            : Path.GetFileName(Notebooks.Folder.Notebooks[index + 1]), links);
    }

    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Notebook_AtItsEnd_HasRecapGlossaryExercisesAndReading(string name)
    {
        var notebook = Notebooks.Named(name);
        var sections = notebook.Texts.SelectMany(cell => Section().Matches(cell.Source)).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(LastSections, sections[^5..]);
        Assert.True(notebook.Answers.Count() >= 2, "There are fewer than two exercises with an answer in code.");
        Assert.Equal(
            Regex.Count(string.Concat(notebook.Texts.Select(cell => cell.Source)), @"^\*\*\d+\.\*\* ", RegexOptions.Multiline),
            Regex.Count(string.Concat(notebook.Texts.Select(cell => cell.Source)), "<details><summary>Answer</summary>"));
        Assert.True(Prose.Links(notebook.Cells[^1].Source).Count(link =>
            link.Address.StartsWith("https://", StringComparison.Ordinal)) >= 2, "There is too little to read on.");
    }

    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Sections_WithCode_EachHaveACheck(string name)
    {
        var (section, hasCode, hasCheck) = ("", false, true);
        foreach (var cell in Notebooks.Named(name).Cells)
        {
            if (cell.Kind != CellKind.Code && Section().Match(cell.Source) is { Success: true } match)
            {
                Assert.True(hasCheck || !hasCode, $"The section '{section}' has code and no check.");
                (section, hasCode, hasCheck) = (match.Groups[1].Value, false, false);
            }

            hasCode |= cell.Kind == CellKind.Code;
            hasCheck |= cell.Kind == CellKind.Code && (cell.Source.Contains("Check.That(", StringComparison.Ordinal)
                || cell.Source.Contains("Check.Yours", StringComparison.Ordinal));
        }
    }

    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Notebook_WithParameters_AsksForPredictions(string name)
    {
        var notebook = Notebooks.Named(name);

        Assert.Single(notebook.Code, cell => cell.Tags.Contains("parameters"));
        Assert.True(notebook.Texts.Count(cell => cell.Source.Contains("**Before you run", StringComparison.Ordinal)
            || cell.Source.Contains(
                "**While you look",
                StringComparison.Ordinal)) >= 5, "There are fewer than five questions before a result.");
        Assert.Contains(notebook.Texts, cell => cell.Source.Contains("### Try it", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Steps_InWhichALearnerWritesCode_HaveATaskAHintASolutionASkeletonAndACheck(string name)
    {
        var notebook = Notebooks.Named(name);
        foreach (var (text, skeleton) in notebook.Steps)
        {
            Assert.Matches(@"^### Your turn: .+\n", text.Source);
            Assert.Matches(@"<details><summary>Hint</summary>\n\n(?!```)", text.Source);
            Assert.Contains("<details><summary>Solution</summary>\n\n```csharp\n", text.Source, StringComparison.Ordinal);
            var solution = Assert.Single(ExerciseAnswer.In(text)).Code;
            Assert.True(solution.Split('\n').Length <= MostLines, $"The solution of cell {skeleton.Id} has more than {MostLines} lines.");
            Assert.Equal(Declarations(skeleton.Source), Declarations(solution));
            Assert.Matches("NotImplementedException|= null;", skeleton.Source);
            Assert.DoesNotMatch("NotImplementedException|= null;", solution);
            Assert.Contains("// ", skeleton.Source, StringComparison.Ordinal);
            var check = notebook.Cells[notebook.Cells.ToList().IndexOf(skeleton) + 1];
            Assert.Contains("Check.Yours", check.Source, StringComparison.Ordinal);
        }
    }

    // Constructs that .NET Interactive rejects at the top level of a cell.
    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Code_OfCellsAndAnswers_RunsOnOtherKernelsToo(string name)
    {
        var notebook = Notebooks.Named(name);
        var references = notebook.Code.First().Source;
        foreach (var (id, code) in notebook.Code
            .Select(cell => (cell.Id, cell.Source))
            .Concat(notebook.Answers.Select(answer => (answer.Cell, answer.Code))))
        {
            var root = CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(kind: SourceCodeKind.Script)).GetCompilationUnitRoot();
            Assert.DoesNotContain(code.Split('\n'), line => line.StartsWith("#!", StringComparison.Ordinal)
                || line.StartsWith("#r \"nuget", StringComparison.Ordinal));
            // A cell can use values of types from a library's dependencies, but not every kernel lets it name these
            // types unless it references the dependency itself.
            Assert.All(
                DependenciesOfTheLibrary.Where(dependency => !references.Contains($"/{dependency}.dll\"", StringComparison.Ordinal)),
                dependency => Assert.False(code.Contains(dependency, StringComparison.Ordinal), $"Cell {id} names {dependency}."));
            Assert.True(root.Members.All(member => member is not BaseNamespaceDeclarationSyntax), $"Cell {id} declares a namespace.");
            Assert.True(
                root.Members.OfType<GlobalStatementSyntax>().All(
                    member => member.Statement is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 }),
                $"Cell {id} has a top-level using declaration.");
            Assert.True(
                root.Members.LastOrDefault() is not FieldDeclarationSyntax { SemicolonToken.IsMissing: true },
                $"Cell {id} ends with a declaration without a semicolon.");
            Assert.DoesNotContain(root.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        }
    }

    // The variables and functions of a cell, with their types: later cells use them, no matter whether the skeleton or
    // the solution has run.
    private static IEnumerable<string> Declarations(string code) => CSharpSyntaxTree
        .ParseText(code, new CSharpParseOptions(kind: SourceCodeKind.Script)).GetCompilationUnitRoot().Members
        .SelectMany(member => member switch
        {
            FieldDeclarationSyntax field =>
                field.Declaration.Variables.Select(variable => $"{field.Declaration.Type} {variable.Identifier}"),
            MethodDeclarationSyntax method => [$"{method.ReturnType} {method.Identifier}{method.ParameterList}"],
            _ => [],
        });

    [GeneratedRegex(@"^\d+\. .*[?？]")]
    private static partial Regex Question();

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Section();

    private static bool IsImport(string line) => line.StartsWith("#r ", StringComparison.Ordinal)
        || line.StartsWith("using MnistLab.", StringComparison.Ordinal);
}
