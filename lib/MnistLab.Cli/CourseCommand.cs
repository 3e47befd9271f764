using System.CommandLine;
using MnistLab.Course;
using MnistLab.Data.Workspaces;
using MnistLab.Kernel.Commands;
using MnistLab.Kernel.Running;

namespace MnistLab.Cli;

/// <summary>
/// Defines the commands <c>course pages</c>, <c>course translate</c>, and <c>course examine</c>, which process the
/// notebooks as a course.
/// </summary>
internal static class CourseCommand
{
    public static Command Create()
    {
        var pages = new Command("pages", "Runs the notebooks in every language and writes the course as one page per language.");
        pages.SetAction((_, cancellationToken) => Guarded.RunAsync(() => PagesAsync(cancellationToken)));
        var translate = new Command(
            "translate",
            "Generates the notebooks in the other languages and reports outdated or missing translations.");
        translate.SetAction((_, _) => Guarded.RunAsync(() => Task.FromResult(Translate(Open()))));
        var folder = new Argument<string>("folder") { Description = "The folder for the copies." };
        var mnist = new Option<bool>("--mnist")
        {
            Description = "Check the claims about the full MNIST dataset instead of those about the sample."
        };
        var examine =
            new Command("examine", "Writes copies of the notebooks that run the exercise answers and, at the end, check the claims of the text.")
        {
            folder,
            mnist
        };
        examine.SetAction((result, _) =>
            Guarded.RunAsync(() => Task.FromResult(Examine(result.GetRequiredValue(folder), result.GetValue(mnist)))));
        return new Command("course", "Builds, translates, and checks the course.") { pages, translate, examine };
    }

    private static CourseFolder Open() => new(Path.Combine(Workspace.Find().Root, "notebooks"));

    private static async Task<int> PagesAsync(CancellationToken cancellationToken)
    {
        var course = Open();
        var folder = Path.Combine(Workspace.Find().Root, "artifacts", "course");
        using var progress = new BatchProgressWriter(
            Console.Out,
            Console.IsOutputRedirected ? null : Math.Max(Console.WindowWidth, 40),
            showsText: false,
            TimeProvider.System);
        foreach (var language in course.Languages.Prepend(CourseFolder.English))
        {
            using var batch = NotebookBatch.Open(
                [course.FolderOf(language)], Path.Combine(folder, "executed", language), TimeProvider.System);
            var results = await batch.RunAsync(progress, cancellationToken);
            Console.WriteLine($"Page: {new CoursePages(course).Write(language, [.. results.Select(result => result.Executed)], folder)}");
            if (results[^1].Failure is not { } failure) continue;

            await Console.Error.WriteLineAsync($"Failed: {results[^1].Notebook}. {failure.Message}");
            return ExitCodes.Failure;
        }

        return ExitCodes.Success;
    }

    private static int Translate(CourseFolder course)
    {
        var problems = course.Translate();
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        return problems.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static int Examine(string folder, bool isMnist)
    {
        foreach (var notebook in Open().Notebooks)
            Examination.Prepare(CourseNotebook.Read(notebook), isMnist).Save(Path.Combine(folder, Path.GetFileName(notebook)));
        return ExitCodes.Success;
    }
}
