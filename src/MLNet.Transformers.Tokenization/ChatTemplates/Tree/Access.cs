using System.Numerics;
using MLNet.Transformers.Tokenization.ChatTemplates.Library;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Tree;

/// <summary>value.name: a method or attribute, else an item.</summary>
internal sealed class AttributeAccess(int line, Expression owner, string name) : Expression(line)
{
    protected override object? Compute(Scope scope) => Lookup.Attribute(owner.Evaluate(scope), name);
}

/// <summary>value[key]: an item, else a method or attribute.</summary>
internal sealed class ItemAccess(int line, Expression owner, Expression key) : Expression(line)
{
    protected override object? Compute(Scope scope) => Lookup.Item(owner.Evaluate(scope), key.Evaluate(scope));
}

/// <summary>value[start:stop:step].</summary>
internal sealed class SliceAccess(int line, Expression owner, Expression? start, Expression? stop, Expression? step) : Expression(line)
{
    protected override object? Compute(Scope scope)
    {
        object? value = owner.Evaluate(scope);
        int? Part(Expression? part) => part?.Evaluate(scope) switch
        {
            null => null,
            var number when Numbers.TryWhole(number, out BigInteger whole) => (int)BigInteger.Clamp(whole, int.MinValue, int.MaxValue),
            Undefined undefined => throw undefined.Error(),
            var other => throw new TemplateError($"a slice has a {TypeName.Of(other)} as a bound; expected a whole number"),
        };
        return Sequences.Slice(value, Part(start), Part(stop), Part(step), scope.Budget);
    }
}
