using System.Text;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>Lets a network with a language-model head write behind prompts.</summary>
internal sealed class TokenGenerator
{
    private readonly TaskModel _model;
    private readonly Func<ITextDecoder>? _newDecoder;

    /// <param name="model">The network, in eval mode.</param>
    /// <param name="newDecoder">What makes text of a sequence's ids; null: no text is made, and there can be no stop strings.</param>
    /// <exception cref="NotSupportedException">The network has no language-model head, or no decoder.</exception>
    public TokenGenerator(TaskModel model, Func<ITextDecoder>? newDecoder = null)
    {
        if (model.Head is not (HeadKind.CausalLanguageModel or HeadKind.SequenceToSequence) || model.Backbone.CachedLayers == 0)
        {
            throw new NotSupportedException(
                $"{model.ClassName} cannot generate: it takes a class with a decoder and a head for {HeadKind.CausalLanguageModel} or {HeadKind.SequenceToSequence}.");
        }
        (_model, _newDecoder) = (model, newDecoder);
    }

    // A network that reads a source and writes a target, instead of going on behind a prompt.
    private bool ReadsSource => _model.Backbone is IEncoderDecoder;

    /// <summary>Writes behind prompts.</summary>
    /// <param name="prompts">
    /// Of a decoder alone the prompts, padded on either side; of an encoder-decoder the sources, and as its target what the decoder begins with, where
    /// that is more than the start token.
    /// </param>
    /// <param name="settings">How to write.</param>
    /// <param name="checkAlive">Called between steps; what it throws ends writing.</param>
    /// <returns>Of each prompt as many texts as <see cref="GenerationOptions.ReturnedSequences"/>; of beam search the best first.</returns>
    /// <exception cref="ArgumentException">A prompt leaves no room, or a source is longer than the network takes.</exception>
    public IReadOnlyList<IReadOnlyList<GeneratedSequence>> Generate(TokenBatch prompts, GenerationSettings settings, Action checkAlive) =>
        settings.Beams > 1 ? SearchBeams(prompts, settings, checkAlive) : FollowTokens(prompts, settings, checkAlive);

    /// <summary>Writes behind prompts and gives each token when it is there. Steps run on threads of the pool.</summary>
    /// <param name="prompts">Makes the prompts, as <see cref="Generate"/> takes them; called once, when reading begins.</param>
    /// <param name="settings">How to write; one beam.</param>
    /// <param name="checkAlive">Called between steps; what it throws ends writing.</param>
    /// <exception cref="ArgumentException">As <see cref="Generate"/>.</exception>
    public async IAsyncEnumerable<GeneratedToken> StreamAsync(Func<TokenBatch> prompts, GenerationSettings settings, Action checkAlive)
    {
        using TokenLoop loop = await Task.Run(() => Start(prompts, settings)).ConfigureAwait(false);
        while (!loop.IsFinished)
        {
            checkAlive();
            foreach (GeneratedToken token in await Task.Run(loop.Step).ConfigureAwait(false))
            {
                yield return token;
            }
        }
    }

    private IReadOnlyList<IReadOnlyList<GeneratedSequence>> FollowTokens(TokenBatch prompts, GenerationSettings settings, Action checkAlive)
    {
        using TokenLoop loop = Start(() => prompts, settings);
        var texts = loop.Written.Select(_ => new StringBuilder()).ToArray();
        var reasons = new FinishReason[texts.Length];
        while (!loop.IsFinished)
        {
            checkAlive();
            foreach (GeneratedToken token in loop.Step())
            {
                texts[token.Row].Append(token.Text);
                reasons[token.Row] = token.Finish ?? default;
            }
        }
        return [.. loop.Written.Select((ids, row) => new GeneratedSequence(ids, texts[row].ToString(), reasons[row])).Chunk(settings.ReturnedSequences)];
    }

    private TokenLoop Start(Func<TokenBatch> prompts, GenerationSettings settings)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        TokenBatch given = prompts();
        Func<WrittenText>? newText = NewText(settings);
        GenerationSession session = Open(given, settings);
        try
        {
            long prompt = session.Length;
            int copies = settings.ReturnedSequences;
            var rules = new LogitsRules(settings, prompt);
            var stopping = new StoppingCriteria(settings.EosIds, settings.Lengths(prompt).Longest);
            WrittenText?[] texts = [.. Enumerable.Range(0, (int)session.Rows * copies).Select(_ => newText?.Invoke())];
            ITokenChoice choice = settings.Sample ? new Sampling(settings.SequenceSeeds((int)given.Size), _model.Device) : new HighestScore();
            return new TokenLoop(session, rules, choice, stopping, copies, texts);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private IReadOnlyList<IReadOnlyList<GeneratedSequence>> SearchBeams(TokenBatch prompts, GenerationSettings settings, Action checkAlive)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        Func<WrittenText>? newText = NewText(settings);
        using GenerationSession session = Open(prompts, settings);
        using Sampling? sampling = settings.Sample ? new Sampling(settings.SequenceSeeds((int)prompts.Size), _model.Device) : null;
        var stopping = new StoppingCriteria(settings.EosIds, settings.Lengths(session.Length).Longest);
        var search = new BeamSearch(
            session, new LogitsRules(settings, session.Length), stopping, settings, sampling, settings.StopStrings.Count > 0 ? newText : null);
        return
        [
            .. search.Run(checkAlive).Select(texts => texts.Take(settings.ReturnedSequences)
                .Select(text => new GeneratedSequence(text.Tokens, Decode(text.Tokens, newText), text.Finish ?? FinishReason.Length, text.Score)).ToArray()),
        ];
    }

    private Func<WrittenText>? NewText(GenerationSettings settings)
    {
        var stopStrings = new StopStrings(settings.StopStrings);
        return _newDecoder is not null ? () => new WrittenText(_newDecoder(), stopStrings)
            : stopStrings.Any ? throw new ArgumentException($"{nameof(GenerationOptions.StopStrings)} are given, but this generator knows ids only, and no text.")
            : null;
    }

    private static string Decode(IReadOnlyList<int> ids, Func<WrittenText>? newText)
    {
        WrittenText? text = newText?.Invoke();
        return string.Concat(ids.Select(id => text?.Add(id))) + text?.Finish();
    }

    private GenerationSession Open(TokenBatch given, GenerationSettings settings)
    {
        settings.CheckPositions(given.Length);
        TokenBatch prompt = PromptAlignment.ToTheRight(ReadsSource ? DecoderPrompt(given, settings.DecoderStartId) : given);
        bool cached = settings.Options.Cached ?? true;
        long longest = settings.Lengths(prompt.Length).Longest;
        if (_model.Backbone is not IEncoderDecoder network)
        {
            return new DecoderOnlySession(_model, prompt, longest, cached);
        }
        _model.Unpack();
        TokenBatch source = given with { Target = null };
        return new EncoderDecoderSession(_model, source, network.Encode(source), prompt, longest, cached);
    }

    // A decoder begins with its start token, which is put in front where the caller's ids do not begin with it.
    private static TokenBatch DecoderPrompt(TokenBatch given, int start)
    {
        Tensor first = full([given.Size, 1], Number(start), ScalarType.Int64, given.Ids.device);
        if (given.Target is not { } target)
        {
            return new TokenBatch(first);
        }
        return target.Ids.narrow(1, 0, 1).eq(Number(start)).any().item<bool>()
            ? target
            : new TokenBatch(cat([first, target.Ids], 1), Mask: target.Mask is { } mask ? cat([ones_like(mask.narrow(1, 0, 1)), mask], 1) : null);
    }
}
