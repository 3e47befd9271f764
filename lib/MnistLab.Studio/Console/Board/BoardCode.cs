using MnistLab.Storage;
using MnistLab.Training.EventLog;

namespace MnistLab.Studio.Console.Board;

/// <summary>Generates the notebook code that is equivalent to the screens of the TensorBoard jobs.</summary>
internal static class BoardCode
{
    /// <summary>Returns the code that creates a job for a location.</summary>
    public static string Create(string location) => NotebookCode.OfLab(
        $"""
        var board = await TensorBoardJob.CreateAsync(lab.Store, ObjectUrl.Parse({NotebookCode.Literal(location.Trim())}));
        board
        // await board.StopAsync();
        """,
        typeof(TensorBoardJob),
        typeof(ObjectUrl));
}
