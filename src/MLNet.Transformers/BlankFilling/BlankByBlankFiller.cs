using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.BlankFilling;

/// <summary>The network writes into the first blank, then into the next, which it reads with the first one filled (Du et al. 2022, §2.1).</summary>
internal sealed class BlankByBlankFiller : IBlankFiller
{
    private readonly SourceWriter _writer;
    private readonly BlankStretches _stretches;

    public BlankByBlankFiller(HeadSpec head, BlankNames blank, TextEncoder tokenizer, ModelConfig config, MaskedLanguageModelSettings settings)
    {
        string[] masks = [.. blank.Masks.Where(mask => tokenizer.TokenToId(mask) is not null)];
        Marks = masks.Length > 0
            ? new BlankMarks(masks, Numbered: false)
            : throw new InvalidOperationException($"The tokenizer has none of {string.Join(", ", blank.Masks)}, into which {head.ClassName} writes.");
        _writer = new SourceWriter(tokenizer, config, settings.Writing!);
        _stretches = new BlankStretches(tokenizer, config, Marks, settings.MaxTokens);
    }

    public BlankMarks Marks { get; }

    public Filling[][] Fill(TaskModel network, IReadOnlyList<TextWithBlanks> texts, BatchLimits limits, Action checkAlive)
    {
        List<Filling>[] fillings = [.. texts.Select(_ => new List<Filling>())];
        TextWithBlanks[] left = [.. texts];
        while (Array.FindAll([.. Enumerable.Range(0, left.Length)], number => left[number].Blanks.Count > 0) is { Length: > 0 } open)
        {
            var stretches = new BlankStretch[open.Length];
            AllCores.For(open.Length, i => stretches[i] = _stretches.Of(left[open[i]])[0]);
            GeneratedText[] written = _writer.Write(network, [.. stretches.Select(stretch => stretch.Tokens)], limits, checkAlive);
            for (int i = 0; i < open.Length; i++)
            {
                string text = written[i].Text.Trim();
                fillings[open[i]].Add(Filling.OfWritten(text, stretches[i].IsCut));
                left[open[i]] = left[open[i]].FirstFilled(text);
            }
        }
        return [.. fillings.Select(own => own.ToArray())];
    }
}
