using MLNet.Transformers.Batching;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.SequenceToSequence.Layouts;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>An encoder reads what noise made of a text, and a decoder writes what it was to make of it: all objectives of BART and T5.</summary>
internal sealed class CorruptedText : ITextObjective
{
    private readonly TargetObjective _targets = new(new SourceLayout(), smoothing: 0);
    private readonly Func<TextBlock, Random, (int[] Source, int[] Target)> _corrupt;
    private readonly TextTemplate _template;
    private readonly int _endId;
    private readonly int? _startId;
    private readonly int _maxTokens;

    /// <param name="context">What it is made for.</param>
    /// <param name="identity">As <see cref="Identity"/>.</param>
    /// <param name="blocks">How documents become blocks, of what length the template's tokens leave of the longest sequence.</param>
    /// <param name="corrupt">Source and target of a block, both without the tokens of the template.</param>
    /// <exception cref="InvalidOperationException">The tokenizer has no end token, or sequences are to be too short.</exception>
    public CorruptedText(ObjectiveContext context, string identity, Func<int, BlockShape> blocks, Func<TextBlock, Random, (int[] Source, int[] Target)> corrupt)
    {
        (Identity, _corrupt, _maxTokens, _startId) = (identity, corrupt, context.MaxTokens, context.Config.DecoderStartId);
        _template = TextTemplate.OfText(context.Tokenizer, context.Config);
        _endId = _template.Behind is [.., int last] ? last : context.Tokenizer.EndTokenId ?? context.Tokenizer.SeparatorTokenId
            ?? throw new InvalidOperationException("The tokenizer has no token that ends a text, which is what a target ends with.");
        Blocks = blocks(context.Room(Math.Max(1, _template.Length)));
    }

    public string Identity { get; }

    public BlockShape Blocks { get; }

    public LabelledBatch Prepare(IReadOnlyList<TextBlock> features, NetworkInputs inputs, Random random) =>
        _targets.Prepare([.. features.Select(block => Row(block, random))], inputs, random);

    /// <summary>What is read and written of a block, special tokens included.</summary>
    public SourceTarget Row(TextBlock block, Random random)
    {
        (int[] source, int[] target) = _corrupt(block, random);
        // Masks that are put in may make a text longer.
        int room = _maxTokens - _template.Length;
        return new SourceTarget(_template.Around(source.Length > room ? source[..room] : source), Written(target), "");
    }

    // As targets of fine-tuning: a decoder has read its start token already.
    private int[] Written(int[] target)
    {
        int[] front = _template.Front is [int first, .. var rest] && first == _startId && first != _endId ? rest : _template.Front;
        return [.. front, .. target, .. _template.Behind is [] ? [_endId] : _template.Behind];
    }
}
