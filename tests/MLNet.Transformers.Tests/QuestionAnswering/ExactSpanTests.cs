using Microsoft.ML;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.QuestionAnswering;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.QuestionAnswering;

/// <summary>From a stretch of characters to the tokens that are learnt, and from the scores of those back to the characters.</summary>
public class ExactSpanTests
{
    private static readonly (string Context, string Answer)[] _cases =
    [
        ("   leading blanks, then Paris.", "Paris"),
        ("Paris at the beginning", "Paris"),
        ("and at the end Paris", "Paris"),
        ("she lives in café Zürich, naïvely", "café Zürich"),
        ("she lives in cafe\u0301 Zu\u0308rich, naively", "cafe\u0301 Zu\u0308rich"),
        ("accent at the end: cafe\u0301", "cafe\u0301"),
        ("emoji 😀😀 before 👩‍💻 it: gold", "gold"),
        ("an emoji 😀 is the answer", "😀"),
        ("the flag 🇩🇪 is", "🇩🇪"),
        ("𠮷野家在北京市，成立于一九八四年。", "北京市"),
        ("生命数耗完即算为踢爆。", "踢爆"),
        ("price: $1,000.50 (net)", "$1,000.50"),
        ("tabs\tand\r\nlines  Big   Apple \n", "Big   Apple"),
        ("MiXeD Case And ÄÖÜ", "ÄÖÜ"),
    ];

    public ExactSpanTests() => NativeBackend.EnsureLoaded();

    public static TheoryData<string> Tokenizers => [.. Directory.GetDirectories(Shared.Golden("tokenizers")).Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Characters_come_back_as_they_were(string name)
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden("tokenizers", name));
        foreach ((string context, string answer) in _cases)
        {
            foreach (int maxTokens in (int[])[400, 40])
            {
                int start = context.IndexOf(answer, StringComparison.Ordinal);
                AnswerWindow[] windows = Features(tokenizer, maxTokens, context, answer, start);
                Assert.Contains(windows, window => window.End > 0);

                SpanAnswer found = Read(windows, new AnswerRules(0, 3, 20, 30, 0));

                Assert.True((answer, start) == (found.Text, found.Start), $"{name}, {maxTokens} tokens: '{answer}' at {start} of '{context}' came back as '{found.Text}' at {found.Start}");
            }
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(16)]
    public void Answers_among_characters_of_every_kind_are_learnt_and_found_to_the_character(int maxTokens)
    {
        var ml = new MLContext(1);
        Questions.Row[] rows = [.. _cases.Select((item, i) => Questions.Ask(Questions.Rows[i % 8].Question!, item.Context, item.Answer))];
        TextEncoder tokenizer = Questions.Tokenizer([.. _cases.Select(item => item.Context)]);
        QuestionAnsweringOptions options = Questions.Options();
        options.MaxTokens = maxTokens;

        using QuestionAnsweringTransformer model = ml.Transformers().QuestionAnswering(Questions.Tiny(tokenizer, positions: 64), options).Fit(ml.Data.LoadFromEnumerable(rows));

        Assert.Equal(rows.Select(row => (row.Answer, row.AnswerStart)), Questions.Answers(ml, model, rows).Select(found => ((string?)found.PredictedAnswer, found.PredictedAnswerStart)));
    }

    [Fact]
    public void A_window_without_the_whole_answer_points_at_its_first_token()
    {
        TextEncoder tokenizer = Questions.Tokenizer();
        string context = Questions.Rows[4].Context!;

        AnswerWindow[] windows = Features(tokenizer, maxTokens: 9, context, "seven birch", context.IndexOf("seven", StringComparison.Ordinal));

        Assert.True(windows.Length > 1);
        Assert.All(windows, window =>
        {
            string covered = context[window.Window.Offsets[0].Start..window.Window.Offsets[^1].End];
            Assert.Equal(covered.Contains("seven birch", StringComparison.Ordinal), window.Start > 0);
            if (window.Start > 0)
            {
                Assert.Equal(["seven", "birch"], Enumerable.Range(window.Start, window.End - window.Start + 1).Select(i => tokenizer.IdToToken(window.Tokens.Ids[i])));
            }
            else
            {
                Assert.Equal((0, 0), (window.Start, window.End));
            }
        });
        Assert.Contains(windows, window => window.Start > 0);
        Assert.Contains(windows, window => window.Start == 0);
    }

    // Scores that are highest where the labels are.
    private static SpanAnswer Read(AnswerWindow[] windows, AnswerRules rules)
    {
        ScoreReading<AnswerWindow, WindowAnswers, SpanAnswer> reading = SpanReading.Of(rules);
        WindowAnswers[] parts = [.. windows.SelectMany(window =>
        {
            float[] scores = new float[2 * window.Tokens.Ids.Length];
            (scores[2 * window.Start], scores[2 * window.End + 1]) = (window.Start > 0 ? 9 : 5, window.Start > 0 ? 9 : 5);
            return reading.Read(new HeadOutput(tensor(scores, [1, window.Tokens.Ids.Length, 2])), [window]);
        })];
        return reading.Merge(windows, parts);
    }

    private static AnswerWindow[] Features(TextEncoder tokenizer, int maxTokens, string context, string answer, int start)
    {
        var ml = new MLContext(1);
        Checkpoint checkpoint = Checkpoint.FromConfig(
            new BertConfig { VocabularySize = tokenizer.MaxId + 1, HiddenSize = 16, Heads = 2, MaxPositions = 1000 }, tokenizer);
        var options = new QuestionAnsweringOptions { MaxTokens = maxTokens, Stride = 128 };
        var reader = new AnsweredQuestions(QuestionAnsweringSettings.Of(checkpoint, options), options, checkpoint);
        IDataView data = ml.Data.LoadFromEnumerable([Questions.Ask("where", context, answer)]);
        IReadOnlyList<DataViewSchema.Column> columns = reader.Find(data.Schema, ((Microsoft.ML.Runtime.IHostEnvironment)ml));
        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        var get = reader.Getter(cursor, columns);
        Assert.True(cursor.MoveNext() && get(out LabelledQuestion row) && row.Start == start);
        get(out LabelledQuestion read);
        return reader.Features(read);
    }
}
