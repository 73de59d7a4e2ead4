using System.Text.RegularExpressions;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using static System.FormattableString;

namespace MLNet.Transformers.BlankFilling;

/// <summary>From texts to texts whose blanks are filled.</summary>
/// <param name="filler">Fills them.</param>
/// <param name="settings">How blanks are written, and how long texts may be.</param>
internal sealed class BlankPredictor(IBlankFiller filler, MaskedLanguageModelSettings settings) : IPredictor<string, BlankAnswer>
{
    private readonly Regex _blank = filler.Marks.Pattern(settings.BlankText);
    private long _rows;
    private long _without;
    private long _cut;
    private long _blanks;
    private long _open;

    public string? Report
    {
        get
        {
            (long Count, string Line)[] lines =
            [
                (_without, Invariant($"{_without:N0} of {_rows:N0} texts had no blank, which is written '{filler.Marks.Written(settings.BlankText)}': they stay as they are.")),
                (_cut, Invariant($"{_cut:N0} of {_rows:N0} texts were longer than {settings.MaxTokens} tokens: each of their blanks was filled by what stands around it.")),
                (_open, Invariant($"{_open:N0} of {_blanks:N0} blanks stay as they are: the network filled in nothing, or changed what stands around them.")),
            ];
            string report = string.Join(' ', lines.Where(line => line.Count > 0).Select(line => line.Line));
            return report.Length == 0 ? null : report;
        }
    }

    public BlankAnswer[] Predict(TaskModel network, ReadOnlyMemory<string> rows, Action checkAlive)
    {
        TextWithBlanks[] texts = Array.ConvertAll(rows.ToArray(), row => TextWithBlanks.Of(row, _blank));
        Filling[][] fillings = filler.Fill(network, texts, settings.BatchLimits, checkAlive);
        _rows += texts.Length;
        foreach (Filling[] own in fillings)
        {
            _without += own.Length == 0 ? 1 : 0;
            _cut += own.Any(filling => filling.IsCut) ? 1 : 0;
            _blanks += own.Length;
            _open += own.Count(filling => filling.InPlace is null);
        }
        return [.. texts.Zip(fillings, (text, own) => new BlankAnswer(
            text.Filled(own), [.. own.SelectMany(filling => filling.Texts)], [.. own.SelectMany(filling => filling.Scores)]))];
    }
}

/// <summary>What is predicted of a text.</summary>
/// <param name="Text">The text with its blanks filled.</param>
/// <param name="Fillings">What may fill them, blank by blank.</param>
/// <param name="Scores">The probability of each; none where they were written.</param>
internal sealed record BlankAnswer(string Text, string[] Fillings, float[] Scores);
