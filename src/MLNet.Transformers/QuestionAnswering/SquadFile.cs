using System.Text.Json;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>Files of questions as SQuAD 1.1 and 2 lay them out: articles of paragraphs, each a context with questions.</summary>
internal static class SquadFile
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no such JSON.</exception>
    public static IReadOnlyList<SquadQuestion> Read(string path)
    {
        Check.FileExists(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            return [.. new SquadNode(document.RootElement, "").Items("data").SelectMany(Questions)];
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is not valid JSON: {error.Message}", error);
        }
        catch (FormatException error)
        {
            throw new InvalidDataException($"'{path}' is no SQuAD file: {error.Message}", error);
        }
    }

    private static IEnumerable<SquadQuestion> Questions(SquadNode article)
    {
        string title = article.TextOrNone("title") ?? "";
        foreach (SquadNode paragraph in article.Items("paragraphs"))
        {
            string context = paragraph.Text("context");
            var places = new CodePoints(context);
            foreach (SquadNode question in paragraph.Items("qas"))
            {
                // The test files of SQuAD have no answers, those of 1.1 do not say what is impossible.
                bool impossible = question.FlagOrNone("is_impossible") ?? false;
                SquadNode[] answers = impossible ? [] : [.. question.ItemsOrNone("answers")];
                yield return new SquadQuestion
                {
                    Id = question.Text("id"), Title = title, Context = context, Question = question.Text("question"), IsImpossible = impossible,
                    Answer = Array.ConvertAll(answers, answer => answer.Text("text")),
                    AnswerStart = Array.ConvertAll(answers, answer => places.ToUtf16(answer.Number("answer_start"))),
                };
            }
        }
    }
}
