using System.Text.Json;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>A file beside a checkpoint that says when an answer is empty: config.json has no place for it, and the reference does not look for this one.</summary>
internal static class AnswerThresholdFile
{
    public const string FileName = "question_answering.json";

    private const string Key = "null_score_threshold";

    /// <summary>What a folder says; null: nothing, or that every question is answered.</summary>
    /// <param name="folder">The folder; null: there is none.</param>
    /// <exception cref="CheckpointException">The file is malformed.</exception>
    public static double? Read(string? folder)
    {
        if (folder is null || Path.Combine(folder, FileName) is var file && !File.Exists(file))
        {
            return null;
        }
        var json = ConfigJson.Parse(File.ReadAllBytes(file), file);
        return json.NumberOrNull(Key, double.MinValue, double.MaxValue);
    }

    /// <summary>Writes the file, also where every question is answered: an older one may say otherwise.</summary>
    public static void Write(string folder, double? threshold) => AtomicFile.Write(
        Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, new JsonObject { [Key] = threshold }));
}
